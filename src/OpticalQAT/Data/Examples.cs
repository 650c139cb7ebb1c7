using static TorchSharp.torch;

namespace OpticalQAT.Data;

/// <summary>Images with their labels: those of a split in the host's memory, or some of them on a device.</summary>
/// <param name="Images">
/// [count, height, width]: either uint8, brightness from 0 (dark) to 255, which a task gives its physical meaning; or
/// float32, the phase of a sample in radians, as measured.
/// </param>
/// <param name="Labels">int64, [count], the index of the class; all 0 in data without classes.</param>
/// <param name="Amplitudes">float32, [count, height, width], what light is left behind a sample that absorbs; null where the samples are clear.</param>
public sealed record Examples(Tensor Images, Tensor Labels, Tensor? Amplitudes = null) : IDisposable
{
    /// <summary>The number of examples.</summary>
    public long Count => Labels.shape[0];

    /// <summary>Whether the images are phases in radians, not brightness.</summary>
    public bool HasPhases => Images.dtype == ScalarType.Float32;

    /// <summary>Copies examples into tensors.</summary>
    /// <param name="images">uint8, [count, height, width], row by row.</param>
    /// <param name="height">Pixels from top to bottom.</param>
    /// <param name="width">Pixels from left to right.</param>
    /// <param name="labels">The classes, [count].</param>
    public static Examples FromArrays(byte[] images, int height, int width, long[] labels) =>
        new(tensor(images, [labels.Length, height, width], ScalarType.Byte), tensor(labels));

    /// <summary>A copy on a device, independent of dispose scopes.</summary>
    public Examples CopyTo(Device device)
    {
        using var scope = NewDisposeScope();
        return Map(tensor => tensor.to(device, copy: true).DetachFromDisposeScope());
    }

    /// <summary>A view of the examples from <paramref name="start"/> to before <paramref name="end"/>.</summary>
    public Examples Slice(long start, long end) => Map(tensor => tensor.slice(0, start, end, 1));

    /// <summary>Copies of some examples.</summary>
    /// <param name="indices">int64, [B], on the device of the examples.</param>
    public Examples Take(Tensor indices) => Map(tensor => tensor.index_select(0, indices));

    /// <summary>Square examples in place of these, which are disposed of; these where they are square, or are to stay as they are.</summary>
    internal Examples Fitted(SquareFit fit)
    {
        var (height, width) = (Images.shape[1], Images.shape[2]);
        if (height == width || fit == SquareFit.Stretch)
            return this;
        var square = fit == SquareFit.Pad
            ? new Examples(Padded(Images, 0), Labels.alias(), Amplitudes is null ? null : Padded(Amplitudes, 1))
            : Map(tensor => tensor.dim() == 1 ? tensor.alias() : Cropped(tensor));
        Dispose();
        return square;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
        Amplitudes?.Dispose();
    }

    private static Tensor Padded(Tensor planes, double around)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (planes.shape[1], planes.shape[2]);
        var side = Math.Max(height, width);
        var square = full([planes.shape[0], side, side], around, dtype: planes.dtype);
        square.narrow(1, (side - height) / 2, height).narrow(2, (side - width) / 2, width).copy_(planes);
        return square.MoveToOuterDisposeScope();
    }

    private static Tensor Cropped(Tensor planes)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (planes.shape[1], planes.shape[2]);
        var side = Math.Min(height, width);
        return planes.narrow(1, (height - side) / 2, side).narrow(2, (width - side) / 2, side).clone().contiguous().MoveToOuterDisposeScope();
    }

    private Examples Map(Func<Tensor, Tensor> map) => new(map(Images), map(Labels), Amplitudes is null ? null : map(Amplitudes));
}
