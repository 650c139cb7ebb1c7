using System.Globalization;
using BitMiracle.LibTiff.Classic;

namespace OpticalQAT.Formats;

/// <summary>Keeps what the decoder of TIFF has to say, which it would otherwise write on the standard error.</summary>
internal sealed class TiffListener : TiffErrorHandler
{
    [ThreadStatic]
    private static string? _heard;

    /// <summary>The first error on this thread since it was set to null.</summary>
    public static string? Heard
    {
        get => _heard;
        set => _heard = value;
    }

    /// <inheritdoc/>
    public override void ErrorHandler(Tiff tif, string method, string format, params object[] args)
    {
        try
        {
            _heard ??= string.Format(CultureInfo.InvariantCulture, format, args).TrimEnd('.');
        }
        catch (FormatException)
        {
            _heard ??= format;
        }
    }

    /// <inheritdoc/>
    public override void ErrorHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
    {
        // The same again.
    }

    /// <inheritdoc/>
    public override void WarningHandler(Tiff tif, string method, string format, params object[] args)
    {
        // Fields that it does not know and the like: the picture can be read.
    }

    /// <inheritdoc/>
    public override void WarningHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
    {
        // The same again.
    }
}
