using OpticalQAT.Runtime;

namespace OpticalQAT.Cli.Setup;

/// <summary>The outcome of a setup.</summary>
/// <param name="Folder">The folder of the libraries.</param>
/// <param name="WasThere">Whether they were there before.</param>
/// <param name="Packages">The packages that were fetched for them; empty where they were there before.</param>
internal sealed record SetupResult(string Folder, bool WasThere, IReadOnlyList<FetchedPackage> Packages);

/// <summary>
/// Brings a libtorch into the user's cache folder. The folder appears under its name when it is complete; two that do this at once do it
/// one after the other, and one that was ended half-way is continued.
/// </summary>
/// <param name="sources">The sources of packages.</param>
/// <param name="display">Told of what comes.</param>
internal sealed class LibTorchSetup(PackageSources sources, DownloadDisplay display)
{
    /// <summary>Fetches, checks and unpacks.</summary>
    /// <param name="package">The package of libtorch.</param>
    /// <param name="platform">The platform whose libraries are taken from the packages.</param>
    /// <param name="folder">The folder that they go to.</param>
    /// <param name="cancellation">Stops; what has come is kept.</param>
    /// <exception cref="NativeRuntimeException">A package is nowhere, or is not what it should be.</exception>
    /// <exception cref="IOException">A source breaks off, or the disk is full.</exception>
    public async Task<SetupResult> EnsureAsync(LibTorchPackage package, string platform, string folder, CancellationToken cancellation)
    {
        if (Directory.Exists(folder))
            return new SetupResult(folder, WasThere: true, []);
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        await using var alone = await WaitForOthersAsync(folder + ".lock", cancellation);
        if (Directory.Exists(folder))
            return new SetupResult(folder, WasThere: true, []);

        var downloads = folder + ".packages";
        var packages = await new PackageStore(downloads, sources, display).FetchAsync(package, cancellation);
        var unfinished = folder + ".unfinished";
        Remove(unfinished);
        try
        {
            new LibTorchFolder(unfinished).Fill(packages, platform);
            Directory.Move(unfinished, folder);
        }
        finally
        {
            Remove(unfinished);
        }
        Remove(downloads);
        return new SetupResult(folder, WasThere: false, packages);
    }

    // The system lets go of the file when its process ends, however it ends.
    private static async Task<FileStream> WaitForOthersAsync(string file, CancellationToken cancellation)
    {
        for (var isTold = false; ; isTold = true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(file))
            {
                if (!isTold)
                    Screen.Note("Another setup is at work; waiting for it.");
                await Task.Delay(TimeSpan.FromMilliseconds(500), cancellation);
            }
        }
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
