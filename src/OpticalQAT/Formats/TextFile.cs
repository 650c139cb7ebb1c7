using System.Text;

namespace OpticalQAT.Formats;

/// <summary>Text that some program or other has written, in a few of the encodings that it may have.</summary>
internal static class TextFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads UTF-8, or UTF-16 with its mark; what is neither is taken for Latin-1, as spreadsheets in Europe write.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mostBytes">A longer file is refused before it is read.</param>
    /// <exception cref="FileFormatException">It is too long, or no text.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string Read(string path, int mostBytes)
    {
        var bytes = ReadBytes(path, mostBytes);
        if (bytes is [(byte)'P', (byte)'K', 3, 4, ..] or [0xd0, 0xcf, 0x11, 0xe0, ..])
            throw new FileFormatException(path, "it is a workbook, or an archive, and no text; save the sheet as CSV.");
        var text = Decode(path, bytes);
        return text.Contains('\0', StringComparison.Ordinal) ? throw new FileFormatException(path, "it holds zero bytes, as no text does; save it as CSV in UTF-8.") : text;
    }

    private static string Decode(string path, byte[] bytes)
    {
        try
        {
            return bytes switch
            {
                [0xef, 0xbb, 0xbf, ..] => Strict.GetString(bytes.AsSpan(3)),
                [0xff, 0xfe, ..] => new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true).GetString(bytes.AsSpan(2)),
                [0xfe, 0xff, ..] => new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true).GetString(bytes.AsSpan(2)),
                _ => IsUtf8(bytes) ? Strict.GetString(bytes) : Encoding.Latin1.GetString(bytes),
            };
        }
        catch (DecoderFallbackException damaged)
        {
            throw new FileFormatException(path, "it begins with the mark of a Unicode text but is none: it is damaged; save it again as CSV in UTF-8.", damaged);
        }
    }

    private static bool IsUtf8(byte[] bytes) => System.Text.Unicode.Utf8.IsValid(bytes);

    // The length is not asked for: a device has none, and a file may grow.
    private static byte[] ReadBytes(string path, int mostBytes)
    {
        using var file = File.OpenRead(path);
        using var read = new MemoryStream();
        var part = new byte[1 << 16];
        for (int count; (count = file.Read(part)) > 0;)
        {
            read.Write(part, 0, count);
            if (read.Length > mostBytes)
                throw new FileFormatException(path, $"it has more than {mostBytes} bytes, the most that is read: is it another file?");
        }
        return read.ToArray();
    }
}
