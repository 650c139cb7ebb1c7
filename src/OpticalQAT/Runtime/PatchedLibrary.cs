using System.Security.Cryptography;

namespace OpticalQAT.Runtime;

/// <summary>Puts a changed copy of a native library where the system's loader can read it.</summary>
internal static class PatchedLibrary
{
    /// <summary>Writes the copy, or finds the one that an earlier start wrote.</summary>
    /// <param name="image">The library's bytes.</param>
    /// <param name="fileName">The copy's name.</param>
    /// <param name="original">The full path of the library that it was made from.</param>
    /// <param name="applicationFolder">
    /// The copy lies beside the original if that is inside this folder: elsewhere it may be a package cache. Null: never.
    /// </param>
    /// <param name="cacheFolder">The folder that the copy goes to otherwise, or when the original's folder is read-only.</param>
    /// <returns>The copy's full path.</returns>
    /// <exception cref="IOException">Neither folder takes the copy.</exception>
    public static string Write(byte[] image, string fileName, string original, string? applicationFolder, string cacheFolder)
    {
        var own = Path.GetDirectoryName(original)!;
        var cached = Path.Combine(cacheFolder, Convert.ToHexStringLower(SHA256.HashData(image))[..16]);
        var failures = new List<string>();
        foreach (var folder in applicationFolder is not null && IsInside(own, applicationFolder) ? new[] { own, cached } : [cached])
        {
            var path = Path.Combine(folder, fileName);
            try
            {
                WriteWhole(path, image);
                return path;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                failures.Add($"{path}: {e.Message}");
            }
        }
        throw new IOException($"No copy of {original} could be written. {string.Join(' ', failures)}");
    }

    // Under its final name the file is always whole: several first starts may write at once, each renames its own
    // temporary file, and a process that has the older file open keeps it.
    private static void WriteWhole(string path, byte[] image)
    {
        var present = new FileInfo(path);
        if (present.Exists && present.Length == image.Length && File.ReadAllBytes(path).AsSpan().SequenceEqual(image))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Guid.NewGuid():N}";
        try
        {
            File.WriteAllBytes(temporary, image);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static bool IsInside(string folder, string root)
    {
        var relative = Path.GetRelativePath(root, folder);
        return !relative.StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(relative);
    }
}
