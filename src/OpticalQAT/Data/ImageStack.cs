using OpticalQAT.Runtime;
using static TorchSharp.torch;

namespace OpticalQAT.Data;

/// <summary>
/// The images of a split, each written where it stays: no second copy of all is made, and all of them together may be
/// more than an array holds.
/// </summary>
/// <param name="count">Images, at least one.</param>
/// <param name="height">Pixels from top to bottom.</param>
/// <param name="width">Pixels from left to right.</param>
internal sealed class ImageStack(long count, int height, int width)
{
    private readonly int _pixels = checked(height * width);

    /// <summary>uint8, [count, height, width], in the caller's dispose scope.</summary>
    public Tensor Images { get; } = empty([count, height, width], dtype: ScalarType.Byte);

    /// <summary>The pixels of an image, row by row; as long as the stack lives.</summary>
    public Span<byte> this[long i] => FirstElement.Some<byte>(Images, i * _pixels, _pixels);
}
