using System.Runtime.CompilerServices;
using OpticalQAT.Kernels;
using OpticalQAT.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Quantization;

/// <summary>
/// The multi-level sigmoid of float32 positions on the CPU as one node of the autograd graph: value and slopes come from one
/// pass, with one exponential for each position, where torch works out every threshold in passes of its own. With
/// e = exp(-k·(x-c-½)) in cell c, the sigmoid of the threshold j cells on is 1/(1 + e·exp(k·j)).
/// </summary>
/// <remarks>Where steepnesses are learnt, the gradient of a mask's is the sum of g·Σσ(1-σ)·(x-c-½-j) over its positions.</remarks>
internal sealed class SigmoidSum : AutogradNode<SigmoidSum, SigmoidSum.Call>
{
    /// <summary>Whether positions are such as this works on.</summary>
    public static bool Takes(Tensor position) =>
        position.device_type == DeviceType.CPU && position.dtype == ScalarType.Float32 && position.numel() > 0;

    /// <summary>The sum over the thresholds, as <see cref="ProgressiveSigmoid.Evaluate"/> says.</summary>
    /// <param name="position">float32, any shape, on the CPU.</param>
    /// <param name="steepness">k, where it is not learnt.</param>
    /// <param name="learnt">k, float32, one for each mask, where it is learnt; positions are then [masks, …].</param>
    /// <param name="levels">The levels.</param>
    public static Tensor Apply(Tensor position, double steepness, Tensor? learnt, LevelSpace levels)
    {
        using var values = learnt is null ? null : FirstElement.Plain(learnt);
        return Apply(new Call(values?.data<float>().ToArray() ?? [(float)steepness], learnt?.shape, levels), position, learnt);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Call call, Tensor?[] arguments)
    {
        var position = FirstElement.Plain(arguments[0]!);
        var sum = empty(position.shape);
        call.Slope = call.IsRecorded ? call.Keep(empty(position.shape)) : null;
        call.Rise = call.IsRecorded && call.Learnt is not null ? call.Keep(empty(position.shape)) : null;
        Evaluate(position, call, sum);
        return sum;
    }

    /// <inheritdoc/>
    protected override Tensor?[] Backward(Call call, Tensor gradient)
    {
        var masks = call.Steepness.Length;
        var ofSteepness = call.Learnt is { } shape ? gradient.reshape([masks, 1, -1]).bmm(call.Rise!.view([masks, -1, 1])).view(shape) : null;
        return [gradient * call.Slope!, ofSteepness];
    }

    private static void Evaluate(Tensor position, Call call, Tensor sum)
    {
        var each = sum.numel() / call.Steepness.Length;
        for (var mask = 0; mask < call.Steepness.Length; mask++)
        {
            var first = (nint)(mask * each);
            Thresholds(call.Steepness[mask], call.Levels).Evaluate(
                ref Unsafe.Add(ref FirstElement.Of(position), first), ref Unsafe.Add(ref FirstElement.Of(sum), first), ref From(call.Slope), ref From(call.Rise), each);

            ref float From(Tensor? tensor) => ref tensor is null ? ref Unsafe.NullRef<float>() : ref Unsafe.Add(ref FirstElement.Of(tensor), first);
        }
    }

    /// <summary>The thresholds around a cell, with exp(k·j) for j from minus to plus the window.</summary>
    private static SigmoidThresholds Thresholds(float steepness, LevelSpace levels)
    {
        var window = ProgressiveSigmoid.Window(steepness, ScalarType.Float32, levels);
        float[] ratios = [.. Enumerable.Range(-window, 2 * window + 1).Select(j => (float)Math.Exp((double)steepness * j))];
        return new(steepness, levels.Count, levels.Closes, ratios, isStraight: levels.Closes && steepness <= ProgressiveSigmoid.StraightOnACircle);
    }

    internal sealed class Call(float[] steepness, long[]? learnt, LevelSpace levels) : NodeCall
    {
        /// <summary>One for each mask, or one for all.</summary>
        public float[] Steepness { get; } = steepness;

        public LevelSpace Levels { get; } = levels;

        /// <summary>The shape of the steepnesses where they are learnt.</summary>
        public long[]? Learnt { get; } = learnt;

        public Tensor? Slope { get; set; }

        /// <summary>The change of each value with its steepness.</summary>
        public Tensor? Rise { get; set; }
    }
}
