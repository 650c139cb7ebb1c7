using OpticalQAT.Data;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace OpticalQAT.Tasks;

/// <summary>The parameters of a read-out, and what it makes of powers. One that starts anew should add nothing.</summary>
/// <param name="name">The module's name.</param>
public abstract class Readout(string name) : nn.Module<Tensor, Tensor>(name)
{
    /// <summary>The number of parameters that are learnt.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>The scores added to those of the light.</summary>
    /// <param name="powers">float32, [B, R].</param>
    /// <returns>float32, [B, K].</returns>
    public abstract override Tensor forward(Tensor powers);
}

/// <summary>One matrix with an offset, or two with a hidden layer between them. As it starts it adds nothing.</summary>
internal sealed class PerceptronReadout : Readout
{
    private const float Dark = 1e-30f;
    private const double LeastShare = 1e-3;

    private readonly ReadoutInput _input;

    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    [ComponentName(Name = "hidden_weight")]
    private readonly Parameter? _hiddenWeight;

    [ComponentName(Name = "hidden_bias")]
    private readonly Parameter? _hiddenBias;

    /// <summary>A read-out that adds nothing yet.</summary>
    /// <param name="input">The form of the powers at its input.</param>
    /// <param name="regions">R.</param>
    /// <param name="classes">K.</param>
    /// <param name="hidden">H; null without a hidden layer.</param>
    public PerceptronReadout(ReadoutInput input, int regions, int classes, int? hidden) : base(nameof(PerceptronReadout))
    {
        _input = input;
        using var scope = NewDisposeScope();
        _weight = Learnt(zeros(hidden ?? regions, classes));
        _bias = Learnt(zeros(classes));
        if (hidden is { } units)
        {
            using var generator = new Generator((ulong)Seeds.Derive(0, "readout"));
            _hiddenWeight = Learnt(randn([regions, units], generator: generator) / Math.Sqrt(regions));
            _hiddenBias = Learnt(zeros(units));
        }
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor powers)
    {
        using var scope = NewDisposeScope();
        var shares = powers / powers.mean([1], keepdim: true).clamp(min: Dark);
        var x = _input == ReadoutInput.Share ? shares : (shares + LeastShare).log();
        if (_hiddenWeight is not null)
            x = nn.functional.relu(x.matmul(_hiddenWeight) + _hiddenBias!);
        return (x.matmul(_weight) + _bias).MoveToOuterDisposeScope();
    }

    private static Parameter Learnt(Tensor start)
    {
        var parameter = new Parameter(start);
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
