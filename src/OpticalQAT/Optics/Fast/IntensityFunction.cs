using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OpticalQAT.Runtime;
using static TorchSharp.torch;

namespace OpticalQAT.Optics.Fast;

/// <summary>
/// The intensity |u|² of complex64 fields on the CPU as one node of the autograd graph: one pass over the fields forward
/// and one back, where torch's own operations on real and imaginary parts take a dozen. The gradient is 2·u·g.
/// </summary>
internal sealed class IntensityFunction : AutogradNode<IntensityFunction, IntensityFunction.Call>
{
    /// <summary>The intensity.</summary>
    /// <param name="field">complex64, any shape, on the CPU.</param>
    /// <returns>float32, of the same shape.</returns>
    public static Tensor Apply(Tensor field) => Apply(new Call(), field);

    /// <inheritdoc/>
    protected override Tensor Forward(Call call, Tensor?[] arguments)
    {
        call.Field = call.Keep(FirstElement.Plain(arguments[0]!));
        return Square(call.Field);
    }

    /// <inheritdoc/>
    protected override Tensor?[] Backward(Call call, Tensor gradient) => [Scale(call.Field!, FirstElement.Plain(gradient))];

    private static unsafe Tensor Square(Tensor field)
    {
        var intensity = empty(field.shape);
        var count = intensity.numel();
        float* u = FirstElement.Of(field), i = FirstElement.Of(intensity);
        var k = 0L;
        for (; k + Vector256<float>.Count <= count; k += Vector256<float>.Count)
        {
            var low = Vector256.Load(u + 2 * k);
            var high = Vector256.Load(u + 2 * k + Vector256<float>.Count);
            (low, high) = (low * low, high * high);
            // squares of the real parts stand at the even places, of the imaginary ones at the odd places
            var real = Vector256.Create(Pick(low, Vector128.Create(0, 2, 0, 2)), Pick(high, Vector128.Create(0, 2, 0, 2)));
            var imaginary = Vector256.Create(Pick(low, Vector128.Create(1, 3, 1, 3)), Pick(high, Vector128.Create(1, 3, 1, 3)));
            (real + imaginary).Store(i + k);
        }
        for (; k < count; k++)
            i[k] = u[2 * k] * u[2 * k] + u[2 * k + 1] * u[2 * k + 1];
        return intensity;
    }

    private static unsafe Tensor Scale(Tensor field, Tensor gradient)
    {
        var scaled = empty(field.shape, ScalarType.ComplexFloat32);
        var count = gradient.numel();
        float* u = FirstElement.Of(field), g = FirstElement.Of(gradient), s = FirstElement.Of(scaled);
        var k = 0L;
        for (; k + Vector128<float>.Count <= count; k += Vector128<float>.Count)
        {
            var twice = 2 * Vector128.Load(g + k);
            var pairs = Vector256.Create(
                Vector128.Shuffle(twice, Vector128.Create(0, 0, 1, 1)), Vector128.Shuffle(twice, Vector128.Create(2, 2, 3, 3)));
            (pairs * Vector256.Load(u + 2 * k)).Store(s + 2 * k);
        }
        for (; k < count; k++)
            (s[2 * k], s[2 * k + 1]) = (2 * g[k] * u[2 * k], 2 * g[k] * u[2 * k + 1]);
        return scaled;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Pick(Vector256<float> v, Vector128<int> places) => Vector128.Create(
        Vector128.Shuffle(v.GetLower(), places).GetLower(), Vector128.Shuffle(v.GetUpper(), places).GetLower());

    internal sealed class Call : NodeCall
    {
        public Tensor? Field { get; set; }
    }
}
