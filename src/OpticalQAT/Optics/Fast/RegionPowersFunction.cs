using System.Numerics;
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
    public static Tensor Apply(Tensor field, IReadOnlyList<DetectorRegion> regions) => Apply(new Call([.. regions]), field);

    /// <inheritdoc/>
    protected override Tensor Forward(Call call, Tensor?[] arguments)
    {
        call.Field = call.Keep(FirstElement.Plain(arguments[0]!));
        return Sum(call.Field, call.Regions);
    }

    /// <inheritdoc/>
    protected override Tensor?[] Backward(Call call, Tensor gradient) => [Spread(call.Field!, call.Regions, FirstElement.Plain(gradient))];

    private static unsafe Tensor Sum(Tensor field, DetectorRegion[] regions)
    {
        var (batch, size) = (field.shape[0], (int)field.shape[2]);
        var powers = empty(batch, regions.Length);
        float* u = FirstElement.Of(field), p = FirstElement.Of(powers);
        for (var sample = 0L; sample < batch; sample++, u += 2L * size * size)
        {
            foreach (var region in regions)
            {
                var sum = Vector<float>.Zero;
                var rest = 0f;
                for (var row = region.Top; row < region.Top + region.Height; row++)
                {
                    var line = u + 2 * (row * size + region.Left);
                    var i = 0;
                    for (; i + Vector<float>.Count <= 2 * region.Width; i += Vector<float>.Count)
                        sum = Vector.MultiplyAddEstimate(Vector.Load(line + i), Vector.Load(line + i), sum);
                    for (; i < 2 * region.Width; i++)
                        rest += line[i] * line[i];
                }
                *p++ = Vector.Sum(sum) + rest;
            }
        }
        return powers;
    }

    private static unsafe Tensor Spread(Tensor field, DetectorRegion[] regions, Tensor gradient)
    {
        var (batch, size) = (field.shape[0], (int)field.shape[2]);
        var spread = zeros(field.shape, ScalarType.ComplexFloat32);
        float* u = FirstElement.Of(field), g = FirstElement.Of(gradient), s = FirstElement.Of(spread);
        for (var sample = 0L; sample < batch; sample++, u += 2L * size * size, s += 2L * size * size)
        {
            foreach (var region in regions)
            {
                var twice = 2 * *g++;
                for (var row = region.Top; row < region.Top + region.Height; row++)
                {
                    var (offset, i) = (2 * (row * size + region.Left), 0);
                    for (; i + Vector<float>.Count <= 2 * region.Width; i += Vector<float>.Count)
                        (Vector.Load(s + offset + i) + Vector.Load(u + offset + i) * twice).Store(s + offset + i);
                    for (; i < 2 * region.Width; i++)
                        s[offset + i] += u[offset + i] * twice;
                }
            }
        }
        return spread;
    }

    internal sealed class Call(DetectorRegion[] regions) : NodeCall
    {
        public DetectorRegion[] Regions { get; } = regions;

        public Tensor? Field { get; set; }
    }
}
