using System.Runtime.Intrinsics;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using OpticalQAT.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>
/// The transmission of soft indices on the CPU as one node of the autograd graph: between two levels either their
/// transmissions are interpolated, t = (1-s)·a + s·b with the slope b-a, or their heights, h = (1-s)·a + s·b with
/// t = exp((ip-α)·h) and the slope (ip-α)·(b-a)·t. Levels that are learnt get their gradient in the same pass: a's is that of
/// the value times 1-s, b's times s, added up over the pixels of the cell. One pass forward and one back, where torch's own
/// operations take two dozen.
/// </summary>
internal sealed class CellTransmission : AutogradNode<CellTransmission, CellTransmission.Call>
{
    private const int Block = 8;

    /// <summary>Whether an index is such as this works on: float32 on the CPU.</summary>
    public static bool Takes(SoftIndex index) =>
        index is CellIndex { Fraction: { device_type: DeviceType.CPU, dtype: ScalarType.Float32 } fraction } && fraction.numel() > 0;

    /// <summary>Interpolates transmissions.</summary>
    /// <param name="index">Cells and fractions of any shape; where there is a table for each mask, [masks, …].</param>
    /// <param name="transmissions">complex64, [N] and [cells], or [masks, N] and [masks, cells].</param>
    /// <returns>complex64, of the index's shape.</returns>
    public static Tensor BetweenTransmissions(CellIndex index, LevelValues transmissions) => Apply(index, transmissions, null);

    /// <summary>Interpolates heights.</summary>
    /// <param name="index">Cells and fractions of any shape; where there is a table for each mask, [masks, …].</param>
    /// <param name="heights">float64, [N] and [cells], or [masks, N] and [masks, cells], metres.</param>
    /// <param name="material">What the heights are printed in.</param>
    /// <returns>complex64, of the index's shape.</returns>
    public static Tensor BetweenHeights(CellIndex index, LevelValues heights, Material material) => Apply(index, heights, material);

    /// <inheritdoc/>
    protected override unsafe Tensor Forward(Call call, Tensor?[] arguments)
    {
        call.Keep(call.Cell);
        var fraction = FirstElement.Plain(arguments[0]!);
        if (call.Starts.IsLearnt)
            call.Fraction = call.Keep(fraction);
        var transmissions = empty(fraction.shape, ScalarType.ComplexFloat32);
        float* s = FirstElement.Of(fraction), t = FirstElement.Of(transmissions);
        foreach (var pixels in call.Masks(fraction.numel()))
        {
            if (call.Material is { } material)
                Heights(pixels, s + pixels.First, material, t + 2 * pixels.First);
            else
                Transmissions(pixels, s + pixels.First, t + 2 * pixels.First);
        }
        // An alias: the result itself, kept by its own node, would keep itself alive.
        call.Transmissions = call.Keep(transmissions.alias());
        return transmissions;
    }

    /// <inheritdoc/>
    protected override Tensor?[] Backward(Call call, Tensor gradient)
    {
        var plain = FirstElement.Plain(gradient);
        call.Starts.BeginGradient();
        call.Ends.BeginGradient();
        var ofFraction = call.Material is null ? AlongChord(call, plain) : AlongArc(call, plain, call.Material);
        return [ofFraction, call.Starts.Gradient, call.Ends.Gradient];
    }

    private static Tensor Apply(CellIndex index, LevelValues values, Material? material)
    {
        using var scope = NewDisposeScope();
        return Apply(new Call(index.Cell, values, material), index.Fraction, values.Starts, values.Ends).MoveToOuterDisposeScope();
    }

    private static unsafe void Transmissions(Pixels pixels, float* s, float* t)
    {
        var cells = pixels.Cells;
        ReadOnlySpan<(float Re, float Im)> starts = pixels.Starts<(float Re, float Im)>(), ends = pixels.Ends<(float Re, float Im)>();
        for (var i = 0; i < cells.Length; i++)
        {
            var (k, to) = (Place(cells[i], ends.Length), s[i]);
            var from = 1 - to;
            t[2 * i] = k < 0 ? float.NaN : starts[k].Re * from + ends[k].Re * to;
            t[2 * i + 1] = k < 0 ? float.NaN : starts[k].Im * from + ends[k].Im * to;
        }
    }

    private static unsafe void Heights(Pixels pixels, float* s, Material material, float* t)
    {
        var cells = pixels.Cells;
        ReadOnlySpan<double> starts = pixels.Starts<double>(), ends = pixels.Ends<double>();
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
        foreach (var pixels in call.Masks(slope.numel()))
        {
            var cells = pixels.Cells;
            ReadOnlySpan<(float Re, float Im)> starts = pixels.Starts<(float Re, float Im)>(), ends = pixels.Ends<(float Re, float Im)>();
            float* g = FirstElement.Of(gradient) + 2 * pixels.First, result = FirstElement.Of(slope) + pixels.First;
            for (var i = 0; i < cells.Length; i++)
            {
                var k = Place(cells[i], ends.Length);
                result[i] = k < 0 ? float.NaN : (ends[k].Re - starts[k].Re) * g[2 * i] + (ends[k].Im - starts[k].Im) * g[2 * i + 1];
            }
            if (call.Fraction is null)
                continue;
            var s = FirstElement.Of(call.Fraction) + pixels.First;
            Span<(float Re, float Im)> toStarts = pixels.GradientOfStarts<(float Re, float Im)>(), toEnds = pixels.GradientOfEnds<(float Re, float Im)>();
            for (var i = 0; i < cells.Length; i++)
            {
                if (Place(cells[i], ends.Length) is not (>= 0 and var k))
                    continue;
                var (to, from) = (s[i], 1 - s[i]);
                toStarts[k] = (toStarts[k].Re + from * g[2 * i], toStarts[k].Im + from * g[2 * i + 1]);
                toEnds[k] = (toEnds[k].Re + to * g[2 * i], toEnds[k].Im + to * g[2 * i + 1]);
            }
        }
        return slope;
    }

    private static unsafe Tensor AlongArc(Call call, Tensor gradient, Material material)
    {
        var slope = empty(gradient.shape);
        var (phase, attenuation) = (material.PhasePerMetre, material.AttenuationPerMetre);
        foreach (var pixels in call.Masks(slope.numel()))
        {
            var cells = pixels.Cells;
            ReadOnlySpan<double> starts = pixels.Starts<double>(), ends = pixels.Ends<double>();
            float* g = FirstElement.Of(gradient) + 2 * pixels.First, t = FirstElement.Of(call.Transmissions!) + 2 * pixels.First;
            var result = FirstElement.Of(slope) + pixels.First;
            var s = call.Fraction is null ? null : FirstElement.Of(call.Fraction) + pixels.First;
            Span<double> toStarts = pixels.GradientOfStarts<double>(), toEnds = pixels.GradientOfEnds<double>();
            for (var i = 0; i < cells.Length; i++)
            {
                var k = Place(cells[i], ends.Length);
                var turning = t[2 * i] * g[2 * i + 1] - t[2 * i + 1] * g[2 * i];
                var fading = t[2 * i] * g[2 * i] + t[2 * i + 1] * g[2 * i + 1];
                var ofHeight = phase * turning - attenuation * fading;
                result[i] = k < 0 ? float.NaN : (float)((ends[k] - starts[k]) * ofHeight);
                if (s is null || k < 0)
                    continue;
                toStarts[k] += (1 - s[i]) * ofHeight;
                toEnds[k] += s[i] * ofHeight;
            }
        }
        return slope;
    }

    /// <summary>The cell, or -1 for what no cell is: a position that is not a number shows up in the loss, not as a crash.</summary>
    private static int Place(long cell, int count) => (ulong)cell < (ulong)count ? (int)cell : -1;

    /// <summary>The pixels that share a table, which are all of them, or those of one mask.</summary>
    internal readonly struct Pixels(Call call, long first, int count, int mask)
    {
        /// <summary>The index of the first one among all.</summary>
        public long First => first;

        public unsafe ReadOnlySpan<long> Cells => new(FirstElement.Of<long>(call.Cell) + first, count);

        public ReadOnlySpan<T> Starts<T>() => call.Starts.Of<T>(mask);

        public ReadOnlySpan<T> Ends<T>() => call.Ends.Of<T>(mask);

        public Span<T> GradientOfStarts<T>()
            where T : unmanaged => call.Starts.GradientOf<T>(mask);

        public Span<T> GradientOfEnds<T>()
            where T : unmanaged => call.Ends.GradientOf<T>(mask);
    }

    /// <summary>The values of a table, or of one for each mask, copied: learnt ones are gone before the backward call.</summary>
    internal sealed class Table
    {
        private readonly Array _values;
        private readonly long[] _shape;
        private readonly ScalarType _type;
        private readonly int _count;

        public Table(Tensor values)
        {
            using var plain = FirstElement.Plain(values);
            (_shape, _type, _count) = (values.shape, values.dtype, (int)values.shape[^1]);
            IsLearnt = is_grad_enabled() && values.requires_grad;
            _values = values.dtype == ScalarType.ComplexFloat32 ? Copy<(float Re, float Im)>(plain) : Copy<double>(plain);
        }

        /// <summary>Whether the values want a gradient, too.</summary>
        public bool IsLearnt { get; }

        /// <summary>How many tables there are.</summary>
        public int Masks => _shape.Length == 1 ? 1 : (int)_shape[0];

        /// <summary>The gradient of the values; null where they are given.</summary>
        public Tensor? Gradient { get; private set; }

        /// <summary>Sets the gradient to zero, to be added to.</summary>
        public void BeginGradient() => Gradient = IsLearnt ? zeros(_shape, _type) : null;

        /// <summary>The values of a mask.</summary>
        public ReadOnlySpan<T> Of<T>(int mask) => ((T[])_values).AsSpan(mask * _count, _count);

        /// <summary>The gradient of the values of a mask; empty where they are given.</summary>
        public unsafe Span<T> GradientOf<T>(int mask)
            where T : unmanaged => Gradient is null ? [] : new(FirstElement.Of<T>(Gradient) + mask * _count, _count);

        private static unsafe T[] Copy<T>(Tensor values)
            where T : unmanaged => new ReadOnlySpan<T>(FirstElement.Of<T>(values), (int)values.numel()).ToArray();
    }

    internal sealed class Call(Tensor cell, LevelValues values, Material? material) : NodeCall
    {
        public Tensor Cell { get; } = cell.contiguous();

        /// <summary>Null where transmissions are interpolated.</summary>
        public Material? Material { get; } = material;

        public Table Starts { get; } = new(values.Starts);

        public Table Ends { get; } = new(values.Ends);

        /// <summary>The fractions, which the gradient of learnt levels needs; null where the levels are given.</summary>
        public Tensor? Fraction { get; set; }

        public Tensor? Transmissions { get; set; }

        /// <summary>The pixels table by table.</summary>
        public IEnumerable<Pixels> Masks(long count)
        {
            var each = (int)(count / Starts.Masks);
            return Enumerable.Range(0, Starts.Masks).Select(mask => new Pixels(this, (long)mask * each, each, mask));
        }
    }
}
