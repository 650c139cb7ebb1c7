using System.Text;

namespace OpticalQAT.Configuration;

/// <summary>The text of a configuration file, of which no more is read than a configuration can have.</summary>
internal static class ConfigurationText
{
    /// <summary>The most bytes that a configuration has; real ones have a few thousand.</summary>
    public const int MaximumBytes = 1 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file; null where it is too long or no UTF-8, and the errors say so.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string? Read(string path, List<ConfigurationError> errors)
    {
        using var stream = File.OpenRead(path);
        var bytes = new byte[(int)Math.Min(stream.CanSeek ? stream.Length : MaximumBytes, MaximumBytes) + 1];
        var content = bytes.AsSpan(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        if (content.Length > MaximumBytes)
        {
            errors.Add(TooLong(path, "more"));
            return null;
        }
        if (content.StartsWith(Encoding.UTF8.Preamble))
            content = content[Encoding.UTF8.Preamble.Length..];
        try
        {
            return Strict.GetString(content);
        }
        catch (DecoderFallbackException invalid)
        {
            var before = content[..Math.Max(0, invalid.Index)];
            var place = new Place(path, 1 + before.Count((byte)'\n'), before.Length - before.LastIndexOf((byte)'\n'));
            errors.Add(new(place, "this is no UTF-8 text; save the file in UTF-8"));
            return null;
        }
    }

    /// <summary>The error about a text that is too long.</summary>
    /// <param name="source">The file.</param>
    /// <param name="bytes">How many bytes it has.</param>
    public static ConfigurationError TooLong(string source, string bytes) =>
        new(new Place(source, 1, 1), $"the file has {bytes} bytes, and {MaximumBytes} is the most that is read; is it a configuration?");
}
