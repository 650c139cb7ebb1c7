using System.Security.Cryptography;

namespace OpticalQAT.Runtime;

/// <summary>
/// A copy of the native library that an older libstdc++ accepts: the version needs that nothing in it uses are weak
/// (see <see cref="ElfVersionNeeds"/>). The original stays as it is.
/// </summary>
/// <param name="Path">The copy's full path.</param>
/// <param name="Weakened">The versions that are weak in it.</param>
internal sealed record CompatibleCopy(string Path, IReadOnlyList<string> Weakened)
{
    private const string FileName = "libLibTorchSharp.compat.so";

    /// <summary>Writes the copy, or finds the one that an earlier start wrote.</summary>
    /// <param name="original">The library's full path.</param>
    /// <param name="applicationFolder">Only folders inside it are written to: others may be a package cache.</param>
    /// <param name="cacheFolder">Where the copy goes when the original's folder is not ours, or is read-only.</param>
    /// <exception cref="InvalidDataException">The library has no unused version need: a copy would change nothing.</exception>
    /// <exception cref="IOException">Neither folder takes the copy.</exception>
    public static CompatibleCopy Make(string original, string applicationFolder, string cacheFolder)
    {
        var (image, weakened) = ElfVersionNeeds.Read(File.ReadAllBytes(original)).WeakenUnused();
        if (weakened.Count == 0)
            throw new InvalidDataException($"{original}: every library version that it asks for is really used.");
        var names = weakened.Select(need => need.Name).ToArray();
        var key = Convert.ToHexStringLower(SHA256.HashData(image))[..16];
        var own = System.IO.Path.GetDirectoryName(original)!;
        string?[] folders = [IsInside(own, applicationFolder) ? own : null, System.IO.Path.Combine(cacheFolder, key)];
        var failures = new List<string>();
        foreach (var folder in folders.OfType<string>())
        {
            var path = System.IO.Path.Combine(folder, FileName);
            try
            {
                Write(path, image);
                return new CompatibleCopy(path, names);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                failures.Add($"{path}: {e.Message}");
            }
        }
        throw new IOException($"The copy of {original} could not be written. {string.Join(' ', failures)}");
    }

    /// <summary>The cache folder of the person who runs this: <c>$XDG_CACHE_HOME/opticalqat</c> or its default.</summary>
    public static string UserCacheFolder()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var given = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        var root = System.IO.Path.IsPathRooted(given) ? given : System.IO.Path.Combine(home, ".cache");
        return System.IO.Path.Combine(root, "opticalqat");
    }

    // Under its final name the file is always whole: several first starts may write at once, each renames its own
    // temporary file, and a process that has the older file open keeps it.
    private static void Write(string path, byte[] image)
    {
        var present = new FileInfo(path);
        if (present.Exists && present.Length == image.Length && File.ReadAllBytes(path).AsSpan().SequenceEqual(image))
            return;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
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
        var relative = System.IO.Path.GetRelativePath(root, folder);
        return !relative.StartsWith("..", StringComparison.Ordinal) && !System.IO.Path.IsPathRooted(relative);
    }
}
