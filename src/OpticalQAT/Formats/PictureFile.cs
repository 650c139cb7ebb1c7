namespace OpticalQAT.Formats;

/// <summary>
/// A picture on the disk whose size is known and whose pixels are not read yet. They become their luma,
/// 0.299 R + 0.587 G + 0.114 B, in 8 bits, and stand as the file says that they are to be looked at (EXIF). What is
/// transparent is dark. The format is told by the first bytes, not by the name.
/// </summary>
internal abstract class PictureFile(string path, PictureLayout layout) : IDisposable
{
    /// <summary>The file.</summary>
    protected string Path => path;

    /// <summary>Its size, its orientation and its depth.</summary>
    protected PictureLayout Layout => layout;

    /// <summary>Pixels from top to bottom, as it is looked at.</summary>
    public int Height => (int)layout.Height;

    /// <summary>Pixels from left to right, as it is looked at.</summary>
    public int Width => (int)layout.Width;

    /// <summary>The bits of a sample in the file; where they are more than 8, they are rounded to 8.</summary>
    public int Bits => layout.Bits;

    /// <summary>Opens a picture and reads its header.</summary>
    /// <exception cref="FileFormatException">It is no picture, one of many in its file, of a form that is not read, or larger than is read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PictureFile Open(string path)
    {
        var start = new byte[32];
        long length;
        using (var file = File.OpenRead(path))
        {
            length = file.Length;
            _ = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        }
        if (length == 0)
            throw new FileFormatException(path, "the file is empty. Take it out of the set, or fetch it again.");
        PictureFile picture = start switch
        {
            [(byte)'P', >= (byte)'1' and <= (byte)'7', ..] => NetpbmPicture.OpenNetpbm(path),
            [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..] => TiffPicture.OpenTiff(path),
            _ => SkiaPicture.OpenPicture(path, start),
        };
        if (picture.Layout.Problem(length) is not { } problem)
            return picture;
        picture.Dispose();
        throw new FileFormatException(path, problem);
    }

    /// <summary>Reads the pixels.</summary>
    /// <param name="luma">The span that they are written to, [height, width].</param>
    /// <exception cref="FileFormatException">The file is damaged or cut off.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Read(Span<byte> luma)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(luma.Length, Height * Width);
        Decode(new PictureCanvas(luma, layout));
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Writes every pixel on the canvas.</summary>
    protected abstract void Decode(PictureCanvas canvas);

    /// <summary>The brightness of a colour.</summary>
    /// <param name="red">From 0 to 255, as the others.</param>
    /// <param name="green">The same for green.</param>
    /// <param name="blue">The same for blue.</param>
    /// <param name="alpha">From 0, transparent, to 1.</param>
    protected static byte Luma(double red, double green, double blue, double alpha = 1) =>
        (byte)Math.Round(alpha * (0.299 * red + 0.587 * green + 0.114 * blue));

    /// <summary>The fault of a file that ends too early.</summary>
    protected static string CutOff => "it is cut off: the file ends before its last pixel. Fetch it again, or take it out of the set.";
}
