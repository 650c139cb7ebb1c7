using System.Runtime.CompilerServices;
using OpticalQAT.Kernels;
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
    protected override Tensor Forward(Call call, Tensor?[] arguments)
    {
        call.Keep(call.Cell);
        var fraction = FirstElement.Plain(arguments[0]!);
        if (call.Starts.IsLearnt)
            call.Fraction = call.Keep(fraction);
        var transmissions = empty(fraction.shape, ScalarType.ComplexFloat32);
        foreach (var pixels in call.Masks(fraction.numel()))
        {
            ref var s = ref pixels.FirstOf(fraction);
            ref var t = ref pixels.FirstOf(transmissions);
            if (call.Material is { } material)
                CellInterpolation.Heights(pixels.Cells, pixels.Starts<double>(), pixels.Ends<double>(), material.PhasePerMetre, material.AttenuationPerMetre, ref s, ref t);
            else
                CellInterpolation.Transmissions(pixels.Cells, pixels.Starts<(float, float)>(), pixels.Ends<(float, float)>(), ref s, ref t);
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

    private static Tensor AlongChord(Call call, Tensor gradient)
    {
        var slope = empty(gradient.shape);
        foreach (var pixels in call.Masks(slope.numel()))
        {
            CellInterpolation.AlongChord(
                pixels.Cells, pixels.Starts<(float, float)>(), pixels.Ends<(float, float)>(), ref pixels.FirstOf(call.Fraction), ref pixels.FirstOf(gradient), ref pixels.FirstOf(slope),
                pixels.GradientOfStarts<(float, float)>(), pixels.GradientOfEnds<(float, float)>());
        }
        return slope;
    }

    private static Tensor AlongArc(Call call, Tensor gradient, Material material)
    {
        var slope = empty(gradient.shape);
        foreach (var pixels in call.Masks(slope.numel()))
        {
            CellInterpolation.AlongArc(
                pixels.Cells, pixels.Starts<double>(), pixels.Ends<double>(), material.PhasePerMetre, material.AttenuationPerMetre,
                ref pixels.FirstOf(call.Fraction), ref pixels.FirstOf(call.Transmissions), ref pixels.FirstOf(gradient), ref pixels.FirstOf(slope),
                pixels.GradientOfStarts<double>(), pixels.GradientOfEnds<double>());
        }
        return slope;
    }

    /// <summary>The pixels that share a table, which are all of them, or those of one mask.</summary>
    internal readonly struct Pixels(Call call, long first, int count, int mask)
    {
        public ReadOnlySpan<long> Cells => FirstElement.Some<long>(call.Cell, first, count);

        /// <summary>The first float of these pixels in a tensor of all, or a null reference where there is no tensor.</summary>
        public ref float FirstOf(Tensor? tensor) =>
            ref tensor is null ? ref Unsafe.NullRef<float>() : ref Unsafe.Add(ref FirstElement.Of(tensor), (nint)(tensor.is_complex() ? 2 * first : first));

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

        /// <summary>The number of tables.</summary>
        public int Masks => _shape.Length == 1 ? 1 : (int)_shape[0];

        /// <summary>The gradient of the values; null where they are given.</summary>
        public Tensor? Gradient { get; private set; }

        /// <summary>Sets the gradient to zero, to be added to.</summary>
        public void BeginGradient() => Gradient = IsLearnt ? zeros(_shape, _type) : null;

        /// <summary>The values of a mask.</summary>
        public ReadOnlySpan<T> Of<T>(int mask) => ((T[])_values).AsSpan(mask * _count, _count);

        /// <summary>The gradient of the values of a mask; empty where they are given.</summary>
        public Span<T> GradientOf<T>(int mask)
            where T : unmanaged => Gradient is null ? [] : FirstElement.Some<T>(Gradient, mask * _count, _count);

        private static T[] Copy<T>(Tensor values)
            where T : unmanaged => FirstElement.Some<T>(values, 0, (int)values.numel()).ToArray();
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
