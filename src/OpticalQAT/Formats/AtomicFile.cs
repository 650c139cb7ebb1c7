namespace OpticalQAT.Formats;

/// <summary>Writes a file so that a reader, also after a crash or a power cut, finds the old one or the new one and never a part.</summary>
public static class AtomicFile
{
    private const string Suffix = ".tmp";
    private const string LeftoverPattern = "*.????????????????????????????????" + Suffix; // a name, 32 hexadecimal digits

    /// <summary>Lets <paramref name="write"/> fill a file beside the target, flushes it to the disk, renames it, and flushes the folder's entry.</summary>
    /// <remarks>A <paramref name="write"/> that throws leaves the target as it was and nothing beside it.</remarks>
    /// <exception cref="IOException">The folder does not exist, or the disk is full.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder must not be written to.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}{Suffix}"; // in the same folder: a rename cannot cross file systems
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
            DeleteIfPossible(temporary);
            throw;
        }
        FolderEntries.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Writes a whole file of bytes; see <see cref="Write(string, Action{Stream})"/>.</summary>
    public static void Write(string path, ReadOnlyMemory<byte> bytes) => Write(path, stream => stream.Write(bytes.Span));

    /// <summary>Writes a whole file of text, in UTF-8 without a byte order mark; see <see cref="Write(string, Action{Stream})"/>.</summary>
    public static void Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Deletes what a process that was killed while it wrote has left in a folder and below it. Nobody may be writing there.</summary>
    public static void DeleteLeftovers(string folder)
    {
        foreach (var leftover in Directory.EnumerateFiles(folder, LeftoverPattern, SearchOption.AllDirectories))
            DeleteIfPossible(leftover);
    }

    // What went wrong first is what the caller must hear of, also where the folder itself is gone.
    private static void DeleteIfPossible(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
