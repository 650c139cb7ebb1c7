using OpticalQAT.Formats;

namespace OpticalQAT.Data;

/// <summary>The files and folders of a dataset on the disk. Hidden ones are none of it: macOS leaves a file <c>._NAME</c> beside each on foreign disks.</summary>
internal static class FolderFiles
{
    /// <summary>The paths of the files in a folder with one of some endings, in the order of their names.</summary>
    /// <exception cref="DataException">The folder cannot be read.</exception>
    public static string[] In(string folder, params string[] endings) => Read(folder, _ => (string[])
    [
        .. Directory.EnumerateFiles(folder).Where(path => !IsHidden(path) && endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal),
    ]);

    /// <summary>The names of the folders in a folder, in order.</summary>
    /// <exception cref="DataException">The folder cannot be read.</exception>
    public static string[] FoldersIn(string folder) => Read(folder, _ => (string[])
    [
        .. Directory.EnumerateDirectories(folder).Where(path => !IsHidden(path)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal),
    ]);

    /// <summary>Reads a file, or a folder; what is wrong with it becomes a fault of the data.</summary>
    /// <exception cref="DataException">It cannot be read, or is damaged.</exception>
    public static T Read<T>(string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (FileFormatException damaged)
        {
            throw new DataException(damaged.Message, damaged);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read: {unreadable.Message}", unreadable);
        }
    }

    private static bool IsHidden(string path) => Path.GetFileName(path).StartsWith('.');
}
