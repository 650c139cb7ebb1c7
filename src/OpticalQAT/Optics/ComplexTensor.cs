using System.Numerics;
using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>Complex numbers as a tensor.</summary>
internal static class ComplexTensor
{
    /// <summary>
    /// A copy of the values in memory that torch has allocated. A tensor laid over an array of <see cref="Complex"/>
    /// will not do: arrays lie at multiples of 8 bytes, torch's complex128 kernels read at multiples of 16, and where
    /// that does not hold the process dies.
    /// </summary>
    /// <param name="values">Row by row.</param>
    /// <param name="shape">The shape.</param>
    /// <returns>complex128, of that shape.</returns>
    public static Tensor Of(IReadOnlyList<Complex> values, params long[] shape)
    {
        using var real = tensor(values.Select(value => value.Real).ToArray(), shape);
        using var imaginary = tensor(values.Select(value => value.Imaginary).ToArray(), shape);
        return complex(real, imaginary);
    }
}
