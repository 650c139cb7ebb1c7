using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
    private const int Lanes = 16;

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

    private static unsafe void Evaluate(Tensor position, Call call, Tensor sum)
    {
        float* x = FirstElement.Of(position), y = FirstElement.Of(sum);
        float* dy = call.Slope is null ? null : FirstElement.Of(call.Slope), rise = call.Rise is null ? null : FirstElement.Of(call.Rise);
        var each = sum.numel() / call.Steepness.Length;
        Span<float> rest = stackalloc float[Lanes];
        for (var mask = 0; mask < call.Steepness.Length; mask++)
        {
            var thresholds = new Thresholds(call, mask);
            var end = (mask + 1) * each;
            var k = mask * each;
            for (; k + Lanes <= end; k += Lanes)
            {
                var (value, slope, steepening) = thresholds.At(Vector512.Load(x + k), rise is not null);
                value.Store(y + k);
                if (dy is not null)
                    slope.Store(dy + k);
                if (rise is not null)
                    steepening.Store(rise + k);
            }
            if (k == end)
                continue;
            new Span<float>(x + k, (int)(end - k)).CopyTo(rest);
            var (values, slopes, steepenings) = thresholds.At(Vector512.Create<float>(rest), rise is not null);
            for (var i = 0; k < end; k++, i++)
            {
                y[k] = values[i];
                if (dy is not null)
                    dy[k] = slopes[i];
                if (rise is not null)
                    rise[k] = steepenings[i];
            }
        }
    }

    /// <summary>The thresholds around a cell, for one steepness.</summary>
    private readonly struct Thresholds(Call call, int mask)
    {
        private readonly float _steepness = call.Steepness[mask];
        private readonly LevelSpace _levels = call.Levels;
        private readonly float[] _ratios = Ratios(call.Steepness[mask], call.Levels);
        private readonly bool _isStraight = call.Levels.Closes && call.Steepness[mask] <= ProgressiveSigmoid.StraightOnACircle;

        private int Window => _ratios.Length / 2;

        /// <summary>exp(k·j) for j from minus to plus the window.</summary>
        private static float[] Ratios(double steepness, LevelSpace levels)
        {
            var window = ProgressiveSigmoid.Window(steepness, ScalarType.Float32, levels);
            return [.. Enumerable.Range(-window, 2 * window + 1).Select(j => (float)Math.Exp(steepness * j))];
        }

        /// <summary>Value and slope at positions, and how the value changes with the steepness where that is asked for.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (Vector512<float> Value, Vector512<float> Slope, Vector512<float> OfSteepness) At(Vector512<float> x, bool isLearnt)
        {
            if (_isStraight)
                return (x, Vector512<float>.One, Vector512<float>.Zero);
            var last = Vector512.Create(_levels.Count - 2f);
            var cell = Vector512.Floor(x);
            if (!_levels.Closes)
                cell = Vector512.Min(Vector512.Max(cell, Vector512<float>.Zero), last);
            var above = x - cell - Vector512.Create(0.5f);
            var e = Vector512.Exp(-_steepness * above);
            var lowest = cell - Vector512.Create((float)Window);
            var sum = _levels.Closes ? lowest : Vector512.Max(lowest, Vector512<float>.Zero);
            var slope = Vector512<float>.Zero;
            var moment = Vector512<float>.Zero;
            for (var j = 0; j < _ratios.Length; j++)
            {
                var sigmoid = Vector512<float>.One / (Vector512<float>.One + e * _ratios[j]);
                if (!_levels.Closes)
                {
                    var threshold = lowest + Vector512.Create((float)j);
                    sigmoid &= Vector512.GreaterThanOrEqual(threshold, Vector512<float>.Zero) & Vector512.LessThanOrEqual(threshold, last);
                }
                var steep = sigmoid * (Vector512<float>.One - sigmoid);
                sum += sigmoid;
                slope += steep;
                if (isLearnt)
                    moment += steep * Vector512.Create((float)(j - Window));
            }
            return (sum, slope * _steepness, slope * above - moment);
        }
    }

    internal sealed class Call(float[] steepness, long[]? learnt, LevelSpace levels) : NodeCall
    {
        /// <summary>One for each mask, or one for all.</summary>
        public float[] Steepness { get; } = steepness;

        public LevelSpace Levels { get; } = levels;

        /// <summary>The shape of the steepnesses where they are learnt.</summary>
        public long[]? Learnt { get; } = learnt;

        public Tensor? Slope { get; set; }

        /// <summary>How each value changes with its steepness.</summary>
        public Tensor? Rise { get; set; }
    }
}
