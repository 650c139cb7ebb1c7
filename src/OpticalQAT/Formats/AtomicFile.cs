namespace OpticalQAT.Formats;

/// <summary>Writes a file so that a reader, also after a crash, finds the old one or the new one and never a part.</summary>
public static class AtomicFile
{
    /// <summary>Lets <paramref name="write"/> fill a file beside the target, flushes it to the disk and renames it.</summary>
    /// <remarks>Where <paramref name="write"/> throws, the target stays as it was and nothing is left beside it.</remarks>
    /// <exception cref="IOException">The folder does not exist, or the disk is full.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp"; // in the same folder: a rename cannot cross file systems
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes a whole file of bytes; see <see cref="Write(string, Action{Stream})"/>.</summary>
    public static void Write(string path, ReadOnlyMemory<byte> bytes) => Write(path, stream => stream.Write(bytes.Span));

    /// <summary>Writes a whole file of text, in UTF-8 without a byte order mark; see <see cref="Write(string, Action{Stream})"/>.</summary>
    public static void Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));
}
