using OpticalQAT.Configuration;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OpticalQAT.Quantization;

/// <summary>The learning of a steepness.</summary>
public sealed record LearntSteepness
{
    /// <summary>The rate at which it moves: a step of the positions' learning rate r changes its logarithm by rate·r.</summary>
    [AtLeast(1e-9), AtMost(1000)]
    public double Rate { get; init; } = 0.2;

    /// <summary>The regulariser that drives it up: this times the logarithm of the steepness, added up over the masks, is taken off the loss.</summary>
    [AtLeast(0), AtMost(1e6)]
    public double Regularizer { get; init; } = 0.01;
}

/// <summary>
/// A quantizer whose curve has a steepness k, scheduled or learnt. A learnt one is k = from·exp(rate·θ), one θ for each
/// mask; it starts at the schedule's first value and is kept between that and its last.
/// </summary>
internal abstract class SteepQuantizer : Quantizer
{
    private const string Name = "steepness";

    private readonly Func<double, double> _steepness;
    private readonly LearntSteepness? _learnt;

    /// <param name="levels">The level table.</param>
    /// <param name="masks">The number of masks.</param>
    /// <param name="steepness">The steepness at a progress.</param>
    /// <param name="learnt">How it is learnt; null where it follows the schedule.</param>
    protected SteepQuantizer(LevelTable levels, int masks, Func<double, double> steepness, LearntSteepness? learnt) : base(levels, masks) =>
        (_steepness, _learnt) = (steepness, learnt);

    /// <summary>Makes the parameter of a steepness that is learnt; to be called once, from the constructor.</summary>
    protected void Begin()
    {
        if (_learnt is null)
            return;
        var steps = new Parameter(zeros(MaskCount));
        steps.DetachFromDisposeScope();
        register_parameter(Name, steps);
    }

    public override TrainingForward Forward => TrainingForward.Soft;

    /// <summary>The steepness that is scheduled, or the least of those that are learnt.</summary>
    protected double Least => _learnt is null
        ? _steepness(Moment.Progress)
        : Values.Min(steps => _steepness(0) * Math.Exp(_learnt.Rate * steps));

    /// <summary>The steepnesses that are learnt, [masks, 1, …] to go with positions of so many dimensions; null where they are scheduled.</summary>
    protected Tensor? Learnt(long dimensions) => _learnt is null
        ? null
        : (Steps * _learnt.Rate).exp().mul(_steepness(0)).view([-1, .. Enumerable.Repeat(1L, (int)dimensions - 1)]);

    public override void Confine(Tensor positions)
    {
        base.Confine(positions);
        if (_learnt is not null)
            Steps.clamp_(0, Math.Log(_steepness(1) / _steepness(0)) / _learnt.Rate);
    }

    public override Tensor? Penalty() =>
        _learnt is { Regularizer: > 0 } ? Steps.sum() * -(_learnt.Regularizer * _learnt.Rate) : null;

    private Parameter Steps => get_parameter(Name)!;

    private double[] Values
    {
        get
        {
            using var onHost = Steps.detach().cpu();
            return [.. onHost.data<float>().ToArray().Select(steps => (double)steps)];
        }
    }
}
