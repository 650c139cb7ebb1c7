using System.Runtime.Intrinsics;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using OpticalQAT.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>
/// The transmission of soft indices on the CPU as one node of the autograd graph, for levels that are given: between two
/// levels either their transmissions are interpolated, t = (1-s)·a + s·b with the slope b-a, or their heights,
/// h = (1-s)·a + s·b with t = exp((ip-α)·h) and the slope (ip-α)·(b-a)·t. One pass forward and one back, where torch's own
/// operations take two dozen.
/// </summary>
internal sealed class CellTransmission : autograd.SingleTensorFunction<CellTransmission>
{
    private const string Key = "call";
    private const int Block = 8;

    /// <inheritdoc/>
    public override string Name => nameof(CellTransmission);

    /// <summary>Whether an index is such as this works on: float32 on the CPU.</summary>
    public static bool Takes(SoftIndex index) =>
        index is CellIndex { Fraction: { device_type: DeviceType.CPU, dtype: ScalarType.Float32 } fraction } && fraction.numel() > 0;

    /// <summary>Interpolates transmissions.</summary>
    /// <param name="index">Cells and fractions of any shape.</param>
    /// <param name="transmissions">complex64, [N] and [cells].</param>
    /// <returns>complex64, of the index's shape.</returns>
    public static Tensor BetweenTransmissions(CellIndex index, LevelValues transmissions) => Apply(index.Fraction, new(index.Cell, transmissions, null));

    /// <summary>Interpolates heights.</summary>
    /// <param name="index">Cells and fractions of any shape.</param>
    /// <param name="heights">float64, [N] and [cells], metres.</param>
    /// <param name="material">What the heights are printed in.</param>
    /// <returns>complex64, of the index's shape.</returns>
    public static Tensor BetweenHeights(CellIndex index, LevelValues heights, Material material) => Apply(index.Fraction, new(index.Cell, heights, material));

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var call = (Call)vars[1];
        ctx.save_data(Key, call);
        call.Cell.DetachFromDisposeScope();
        var transmissions = Evaluate((Tensor)vars[0], call);
        // An alias: the result itself, kept by its own node, would keep itself alive.
        call.Transmissions = transmissions.alias().DetachFromDisposeScope();
        return transmissions;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var call = (Call)ctx.get_data(Key);
        using (grad_output)
        using (call.Cell)
        using (call.Transmissions)
        {
            using var gradient = grad_output.resolve_conj().contiguous();
            call.Gradient = call.Material is null ? AlongChord(call, gradient) : AlongArc(call, gradient, call.Material);
            return [call.Gradient, null!];
        }
    }

    private static Tensor Apply(Tensor fraction, Call call)
    {
        if (is_grad_enabled() && fraction.requires_grad)
            return apply(fraction, call);
        using (call.Cell)
            return Evaluate(fraction, call);
    }

    private static unsafe Tensor Evaluate(Tensor fraction, Call call)
    {
        using var plain = fraction.detach().contiguous();
        var transmissions = empty(fraction.shape, ScalarType.ComplexFloat32);
        var cells = new ReadOnlySpan<long>(FirstElement.Of<long>(call.Cell), (int)plain.numel());
        float* s = FirstElement.Of(plain), t = FirstElement.Of(transmissions);
        if (call.Material is { } material)
            Heights(cells, s, call, material, t);
        else
            Transmissions(cells, s, call, t);
        return transmissions;
    }

    private static unsafe void Transmissions(ReadOnlySpan<long> cells, float* s, Call call, float* t)
    {
        ReadOnlySpan<(float Re, float Im)> starts = call.Starts<(float Re, float Im)>(), ends = call.Ends<(float Re, float Im)>();
        for (var i = 0; i < cells.Length; i++)
        {
            var (k, to) = (Place(cells[i], ends.Length), s[i]);
            var from = 1 - to;
            t[2 * i] = k < 0 ? float.NaN : starts[k].Re * from + ends[k].Re * to;
            t[2 * i + 1] = k < 0 ? float.NaN : starts[k].Im * from + ends[k].Im * to;
        }
    }

    private static unsafe void Heights(ReadOnlySpan<long> cells, float* s, Call call, Material material, float* t)
    {
        ReadOnlySpan<double> starts = call.Starts<double>(), ends = call.Ends<double>();
        Span<double> heights = stackalloc double[Block];
        for (var first = 0; first < cells.Length; first += Block)
        {
            var count = Math.Min(Block, cells.Length - first);
            for (var i = 0; i < count; i++)
            {
                var (k, to) = (Place(cells[first + i], ends.Length), (double)s[first + i]);
                heights[i] = k < 0 ? double.NaN : starts[k] * (1 - to) + ends[k] * to;
            }
            var height = Vector512.Create<double>(heights);
            var (sine, cosine) = Vector512.SinCos(height * material.PhasePerMetre);
            if (material.AttenuationPerMetre > 0)
            {
                var amplitude = Vector512.Exp(height * -material.AttenuationPerMetre);
                (sine, cosine) = (sine * amplitude, cosine * amplitude);
            }
            for (var i = 0; i < count; i++)
                (t[2 * (first + i)], t[2 * (first + i) + 1]) = ((float)cosine[i], (float)sine[i]);
        }
    }

    private static unsafe Tensor AlongChord(Call call, Tensor gradient)
    {
        var slope = empty(gradient.shape);
        var cells = new ReadOnlySpan<long>(FirstElement.Of<long>(call.Cell), (int)slope.numel());
        ReadOnlySpan<(float Re, float Im)> starts = call.Starts<(float Re, float Im)>(), ends = call.Ends<(float Re, float Im)>();
        float* g = FirstElement.Of(gradient), result = FirstElement.Of(slope);
        for (var i = 0; i < cells.Length; i++)
        {
            var k = Place(cells[i], ends.Length);
            result[i] = k < 0 ? float.NaN : (ends[k].Re - starts[k].Re) * g[2 * i] + (ends[k].Im - starts[k].Im) * g[2 * i + 1];
        }
        return slope;
    }

    private static unsafe Tensor AlongArc(Call call, Tensor gradient, Material material)
    {
        var slope = empty(gradient.shape);
        var cells = new ReadOnlySpan<long>(FirstElement.Of<long>(call.Cell), (int)slope.numel());
        ReadOnlySpan<double> starts = call.Starts<double>(), ends = call.Ends<double>();
        var (phase, attenuation) = (material.PhasePerMetre, material.AttenuationPerMetre);
        float* g = FirstElement.Of(gradient), t = FirstElement.Of(call.Transmissions!), result = FirstElement.Of(slope);
        for (var i = 0; i < cells.Length; i++)
        {
            var k = Place(cells[i], ends.Length);
            var turning = t[2 * i] * g[2 * i + 1] - t[2 * i + 1] * g[2 * i];
            var fading = t[2 * i] * g[2 * i] + t[2 * i + 1] * g[2 * i + 1];
            result[i] = k < 0 ? float.NaN : (float)((ends[k] - starts[k]) * (phase * turning - attenuation * fading));
        }
        return slope;
    }

    /// <summary>The cell, or -1 for what no cell is: a position that is not a number shows up in the loss, not as a crash.</summary>
    private static int Place(long cell, int count) => (ulong)cell < (ulong)count ? (int)cell : -1;

    private sealed class Call(Tensor cell, LevelValues values, Material? material)
    {
        public Tensor Cell { get; } = cell.contiguous();

        /// <summary>Null where transmissions are interpolated.</summary>
        public Material? Material { get; } = material;

        public Tensor? Transmissions { get; set; }

        public Tensor? Gradient { get; set; }

        public ReadOnlySpan<T> Starts<T>()
            where T : unmanaged => Table<T>(values.Starts);

        public ReadOnlySpan<T> Ends<T>()
            where T : unmanaged => Table<T>(values.Ends);

        private static unsafe ReadOnlySpan<T> Table<T>(Tensor table)
            where T : unmanaged => new(FirstElement.Of<T>(table), (int)table.numel());
    }
}
