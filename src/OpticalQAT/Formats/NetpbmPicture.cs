using System.Buffers.Binary;

namespace OpticalQAT.Formats;

/// <summary>
/// A PGM or PPM picture: P2 and P3 as text, P5 and P6 in binary, of 8 or 16 bits. Sources: the pages pgm(5) and ppm(5)
/// of Netpbm.
/// </summary>
internal sealed class NetpbmPicture : PictureFile
{
    private const int LargestSample = 65535;

    private readonly NetpbmText _text;
    private readonly bool _isBinary;
    private readonly int _channels;
    private readonly int _maximum;

    private NetpbmPicture(string path, PictureLayout layout, NetpbmText text, bool isBinary, int channels, int maximum)
        : base(path, layout) => (_text, _isBinary, _channels, _maximum) = (text, isBinary, channels, maximum);

    private int BytesOfSample => _maximum > byte.MaxValue ? 2 : 1;

    /// <summary>Reads the header.</summary>
    public static NetpbmPicture OpenNetpbm(string path)
    {
        var text = new NetpbmText(path);
        try
        {
            var form = text.ReadForm();
            if (form is not ('2' or '3' or '5' or '6'))
                throw new FileFormatException(path, $"it is of the form P{form} of Netpbm; P2, P3, P5 and P6 (PGM and PPM) are read. Save it as one of them, or as PNG.");
            var (width, height, maximum) = (text.ReadNumber("its width"), text.ReadNumber("its height"), text.ReadNumber("its largest value"));
            if (maximum is < 1 or > LargestSample)
                throw new FileFormatException(path, $"it states {maximum} as its largest value; 1 to {LargestSample} are possible: it is damaged.");
            var picture = new NetpbmPicture(path, new PictureLayout(height, width, maximum > byte.MaxValue ? 16 : 8), text, form is '5' or '6', form is '3' or '6' ? 3 : 1, maximum);
            picture.CheckLength();
            return picture;
        }
        catch
        {
            text.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _text.Dispose();

    /// <inheritdoc/>
    protected override void Decode(PictureCanvas canvas)
    {
        var samples = new int[Layout.Columns * _channels];
        var row = new byte[Layout.Columns];
        for (var y = 0; y < Layout.Rows; y++)
        {
            if (_isBinary)
                ReadBinary(samples);
            else
                ReadText(samples);
            if (samples.Max() > _maximum)
                throw new FileFormatException(Path, $"it holds the value {samples.Max()}, but states {_maximum} as its largest: it is damaged.");
            for (var x = 0; x < row.Length; x++)
            {
                var pixel = samples.AsSpan(x * _channels, _channels);
                row[x] = Luma(Scaled(pixel[0]), Scaled(pixel[_channels / 2]), Scaled(pixel[^1]));
            }
            canvas.Put(y, 0, row);
        }
        if (!_isBinary && _text.HasMore())
            throw new FileFormatException(Path, TooLong);
    }

    private double Scaled(int sample) => sample * 255.0 / _maximum;

    private void ReadBinary(Span<int> samples)
    {
        var bytes = new byte[samples.Length * BytesOfSample];
        _text.ReadBytes(bytes);
        for (var i = 0; i < samples.Length; i++)
            samples[i] = BytesOfSample == 1 ? bytes[i] : BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(2 * i));
    }

    private void ReadText(Span<int> samples)
    {
        foreach (ref var sample in samples)
            sample = _text.ReadNumber("all its pixels");
    }

    /// <summary>Refuses a size that the file cannot have, before memory is taken for it.</summary>
    private void CheckLength()
    {
        if (Layout.Rows == 0 || Layout.Columns == 0)
            return; // which is said of every format alike
        var samples = (Int128)Layout.Rows * Layout.Columns * _channels;
        // As text a sample takes a digit, and a space that parts it from the next.
        var needed = _isBinary ? samples * BytesOfSample : 2 * samples - 1;
        if (needed > _text.BytesLeft)
            throw new FileFormatException(Path, CutOff);
        if (_isBinary && needed < _text.BytesLeft)
            throw new FileFormatException(Path, TooLong);
    }

    private static string TooLong => "more follows than its pixels: it holds several pictures, or is damaged. Save the one that is meant by itself.";
}
