namespace OpticalQAT.Runtime;

/// <summary>
/// A copy of the library behind TorchSharp that an older libstdc++ accepts: the version needs that nothing in it uses are
/// weak (see <see cref="ElfVersionNeeds"/>). The original stays as it is.
/// </summary>
/// <param name="Path">The copy's full path.</param>
/// <param name="Weakened">The versions that are weak in it.</param>
internal sealed record CompatibleCopy(string Path, IReadOnlyList<string> Weakened)
{
    private const string FileName = "libLibTorchSharp.compat.so";

    /// <summary>Makes the copy; where it goes is told at <see cref="PatchedLibrary.Write"/>.</summary>
    /// <exception cref="InvalidDataException">The library has no unused version need: a copy would change nothing.</exception>
    /// <exception cref="IOException">No folder takes the copy.</exception>
    public static CompatibleCopy Make(string original, string applicationFolder, string cacheFolder)
    {
        var (image, weakened) = ElfVersionNeeds.Read(File.ReadAllBytes(original)).WeakenUnused();
        if (weakened.Count == 0)
            throw new InvalidDataException($"{original}: every library version that it asks for is really used.");
        var path = PatchedLibrary.Write(image, FileName, original, applicationFolder, cacheFolder);
        return new CompatibleCopy(path, [.. weakened.Select(need => need.Name)]);
    }
}
