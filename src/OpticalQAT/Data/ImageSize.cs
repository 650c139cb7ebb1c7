namespace OpticalQAT.Data;

/// <summary>The one size of all images of a set, which the first of them decides.</summary>
internal sealed class ImageSize
{
    private (string Path, long Height, long Width)? _first;

    /// <exception cref="DataException">The image has another size than the first.</exception>
    public void Expect(string path, long height, long width)
    {
        _first ??= (path, height, width);
        var (first, expectedHeight, expectedWidth) = _first.Value;
        if ((height, width) != (expectedHeight, expectedWidth))
            throw new DataException($"{path} is {height} × {width} pixels, but {first} is {expectedHeight} × {expectedWidth}. All images of a set must have one size: crop or resample them.");
    }
}
