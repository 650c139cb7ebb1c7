using TorchSharp;

namespace OpticalQAT.Formats;

/// <summary>Tensors as arrays of .NET.</summary>
internal static class TensorArrays
{
    /// <summary>A plane as an array.</summary>
    /// <param name="values">float32, [rows, columns], on the CPU, of any strides.</param>
    public static float[,] Plane(torch.Tensor values)
    {
        using var scope = torch.NewDisposeScope();
        var plane = new float[values.shape[0], values.shape[1]];
        var flat = values.contiguous().data<float>().ToArray();
        Buffer.BlockCopy(flat, 0, plane, 0, flat.Length * sizeof(float));
        return plane;
    }
}
