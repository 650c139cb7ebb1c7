using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OpticalQAT.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Quantization;

/// <summary>
/// The multi-level sigmoid of float32 positions on the CPU as one node of the autograd graph: value and slope come from one
/// pass, with one exponential for each position, where torch works out every threshold in passes of its own. With
/// e = exp(-k·(x-c-½)) in cell c, the sigmoid of the threshold j cells on is 1/(1 + e·exp(k·j)).
/// </summary>
internal sealed class SigmoidSum : autograd.SingleTensorFunction<SigmoidSum>
{
    private const string Key = "call";
    private const int Lanes = 16;

    /// <inheritdoc/>
    public override string Name => nameof(SigmoidSum);

    /// <summary>Whether positions are such as this works on.</summary>
    public static bool Takes(Tensor position) =>
        position.device_type == DeviceType.CPU && position.dtype == ScalarType.Float32 && position.numel() > 0;

    /// <summary>The sum over the thresholds, as <see cref="ProgressiveSigmoid.Evaluate"/> says.</summary>
    /// <param name="position">float32, any shape, on the CPU.</param>
    /// <param name="steepness">k.</param>
    /// <param name="window">How many thresholds to each side of a cell's own are summed.</param>
    /// <param name="levels">The levels.</param>
    public static Tensor Apply(Tensor position, double steepness, int window, LevelSpace levels)
    {
        var call = new Call(steepness, window, levels);
        return is_grad_enabled() && position.requires_grad ? apply(position, call) : Evaluate(position, call, slope: null);
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (position, call) = ((Tensor)vars[0], (Call)vars[1]);
        ctx.save_data(Key, call);
        call.Slope = empty(position.shape).DetachFromDisposeScope();
        return Evaluate(position, call, call.Slope);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var call = (Call)ctx.get_data(Key);
        using (grad_output)
        using (call.Slope)
        {
            call.Gradient = grad_output * call.Slope!;
            return [call.Gradient, null!];
        }
    }

    private static unsafe Tensor Evaluate(Tensor position, Call call, Tensor? slope)
    {
        using var plain = position.detach().contiguous();
        var sum = empty(position.shape);
        var count = sum.numel();
        float* x = FirstElement.Of(plain), y = FirstElement.Of(sum), dy = slope is null ? null : FirstElement.Of(slope);
        var k = 0L;
        for (; k + Lanes <= count; k += Lanes)
        {
            var (value, rise) = At(Vector512.Load(x + k), call);
            value.Store(y + k);
            if (dy is not null)
                rise.Store(dy + k);
        }
        if (k < count)
        {
            Span<float> rest = stackalloc float[Lanes];
            new Span<float>(x + k, (int)(count - k)).CopyTo(rest);
            var (value, rise) = At(Vector512.Create<float>(rest), call);
            for (var i = 0; k < count; k++, i++)
            {
                y[k] = value[i];
                if (dy is not null)
                    dy[k] = rise[i];
            }
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> Value, Vector512<float> Slope) At(Vector512<float> x, Call call)
    {
        var last = Vector512.Create(call.Levels.Count - 2f);
        var cell = Vector512.Floor(x);
        if (!call.Levels.Closes)
            cell = Vector512.Min(Vector512.Max(cell, Vector512<float>.Zero), last);
        var e = Vector512.Exp(call.Steepness * (cell - x + Vector512.Create(0.5f)));
        var lowest = cell - Vector512.Create((float)call.Window);
        var sum = call.Levels.Closes ? lowest : Vector512.Max(lowest, Vector512<float>.Zero);
        var slope = Vector512<float>.Zero;
        for (var j = 0; j < call.Ratios.Length; j++)
        {
            var sigmoid = Vector512<float>.One / (Vector512<float>.One + e * call.Ratios[j]);
            if (!call.Levels.Closes)
            {
                var threshold = lowest + Vector512.Create((float)j);
                sigmoid &= Vector512.GreaterThanOrEqual(threshold, Vector512<float>.Zero) & Vector512.LessThanOrEqual(threshold, last);
            }
            sum += sigmoid;
            slope += sigmoid * (Vector512<float>.One - sigmoid);
        }
        return (sum, slope * call.Steepness);
    }

    private sealed class Call(double steepness, int window, LevelSpace levels)
    {
        public float Steepness { get; } = (float)steepness;

        public int Window { get; } = window;

        public LevelSpace Levels { get; } = levels;

        /// <summary>exp(k·j) for j from -window to window.</summary>
        public float[] Ratios { get; } = [.. Enumerable.Range(-window, 2 * window + 1).Select(j => (float)Math.Exp(steepness * j))];

        public Tensor? Slope { get; set; }

        public Tensor? Gradient { get; set; }
    }
}
