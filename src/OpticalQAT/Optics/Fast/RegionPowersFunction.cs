using OpticalQAT.Kernels;
using OpticalQAT.Runtime;
using static TorchSharp.torch;

namespace OpticalQAT.Optics.Fast;

/// <summary>
/// The power in rectangles of complex64 fields on the CPU, as one node of the autograd graph. Only the rectangles are read:
/// a matrix product over whole planes would spend most of its time on light that no detector sees. The gradient is
/// 2·u·g inside a rectangle, summed where they overlap, and 0 elsewhere.
/// </summary>
internal sealed class RegionPowersFunction : AutogradNode<RegionPowersFunction, RegionPowersFunction.Call>
{
    /// <summary>The powers.</summary>
    /// <param name="field">complex64, [B, N, N], on the CPU.</param>
    /// <param name="regions">Within the plane.</param>
    /// <returns>float32, [B, regions].</returns>
    public static Tensor Apply(Tensor field, Rectangle[] regions) => Apply(new Call(regions), field);

    /// <inheritdoc/>
    protected override Tensor Forward(Call call, Tensor?[] arguments)
    {
        call.Field = call.Keep(FirstElement.Plain(arguments[0]!));
        return Sum(call.Field, call.Regions);
    }

    /// <inheritdoc/>
    protected override Tensor?[] Backward(Call call, Tensor gradient) => [Spread(call.Field!, call.Regions, FirstElement.Plain(gradient))];

    private static Tensor Sum(Tensor field, Rectangle[] regions)
    {
        var powers = empty(field.shape[0], regions.Length);
        if (powers.numel() > 0)
            RegionPower.Sum(ref FirstElement.Of(field), regions, ref FirstElement.Of(powers), field.shape[0], (int)field.shape[2]);
        return powers;
    }

    private static Tensor Spread(Tensor field, Rectangle[] regions, Tensor gradient)
    {
        var spread = zeros(field.shape, ScalarType.ComplexFloat32);
        if (gradient.numel() > 0)
            RegionPower.Spread(ref FirstElement.Of(field), regions, ref FirstElement.Of(gradient), ref FirstElement.Of(spread), field.shape[0], (int)field.shape[2]);
        return spread;
    }

    internal sealed class Call(Rectangle[] regions) : NodeCall
    {
        public Rectangle[] Regions { get; } = regions;

        public Tensor? Field { get; set; }
    }
}
