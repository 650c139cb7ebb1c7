using System.Numerics;
using OpticalQAT.Kernels;
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

    /// <summary>The whole plane of a transfer function, mirrored on the device, so that only the quadrant travels there.</summary>
    /// <returns>complex, [M, M], in the FFT's own order.</returns>
    public static Tensor Plane(this TransferQuadrant transfer, Device device, ScalarType precision)
    {
        using var scope = NewDisposeScope();
        var quadrant = complex(tensor(transfer.Real, [transfer.Side, transfer.Side]), tensor(transfer.Imaginary, [transfer.Side, transfer.Side])).to(precision).to(device);
        var fold = tensor([.. Enumerable.Range(0, transfer.PaddedSize).Select(i => (long)transfer.Fold(i))], device: device);
        return quadrant.index_select(0, fold).index_select(1, fold).MoveToOuterDisposeScope();
    }
}
