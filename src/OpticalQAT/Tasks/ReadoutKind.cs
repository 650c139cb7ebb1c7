using OpticalQAT.Configuration;
using OpticalQAT.Data;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace OpticalQAT.Tasks;

/// <summary>What of the region powers a read-out is given. Neither depends on the brightness of the light.</summary>
public enum ReadoutInput
{
    /// <summary>R·P/ΣP: each of the R regions' share of the power, in units of an even share.</summary>
    Share,

    /// <summary>The natural logarithm of that, of shares above a thousandth of an even one.</summary>
    Log,
}

/// <summary>
/// Digital electronics behind the detector, which make the processor an optoelectronic one: what they work out of the
/// region powers is added to the scores of the light. Their parameters are learnt along with the heights.
/// </summary>
[Family("readout")]
public abstract record ReadoutKind : Variant
{
    /// <summary>The read-out of a detector; null where there is none.</summary>
    /// <param name="regions">R, the powers that it is given.</param>
    /// <param name="classes">K, the scores that it gives.</param>
    public abstract Readout? Build(int regions, int classes);
}

/// <summary>No electronics: the scores are those of the light alone.</summary>
[Kind("none")]
public sealed record NoReadout : ReadoutKind
{
    /// <inheritdoc/>
    public override Readout? Build(int regions, int classes) => null;
}

/// <summary>One matrix and an offset: W·x + b, both 0 at the start. R·K + K parameters.</summary>
[Kind("linear")]
public sealed record LinearReadout : ReadoutKind
{
    /// <summary>What of the powers it is given.</summary>
    public ReadoutInput Input { get; init; } = ReadoutInput.Log;

    /// <inheritdoc/>
    public override Readout Build(int regions, int classes) => new(Input, regions, classes, hidden: null);
}

/// <summary>One hidden layer: W₂·max(0, W₁·x + b₁) + b₂. The hidden weights start at random, the same for every run, the outer ones at 0. H·(R+1) + K·(H+1) parameters.</summary>
[Kind("mlp")]
public sealed record MlpReadout : ReadoutKind
{
    /// <summary>What of the powers it is given.</summary>
    public ReadoutInput Input { get; init; } = ReadoutInput.Log;

    /// <summary>Hidden units, H.</summary>
    [AtLeast(1), AtMost(4096)]
    public int Hidden { get; init; } = 32;

    /// <inheritdoc/>
    public override Readout Build(int regions, int classes) => new(Input, regions, classes, Hidden);
}

/// <summary>The read-out's parameters, and what it makes of powers. As it starts it adds nothing.</summary>
public sealed class Readout : nn.Module<Tensor, Tensor>
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
    /// <param name="input">What of the powers it is given.</param>
    /// <param name="regions">R.</param>
    /// <param name="classes">K.</param>
    /// <param name="hidden">H; null without a hidden layer.</param>
    internal Readout(ReadoutInput input, int regions, int classes, int? hidden) : base(nameof(Readout))
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

    /// <summary>How many numbers are learnt.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>What is added to the scores of the light.</summary>
    /// <param name="powers">float32, [B, R].</param>
    /// <returns>float32, [B, K].</returns>
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
