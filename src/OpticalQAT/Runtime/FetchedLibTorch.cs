namespace OpticalQAT.Runtime;

/// <summary>The libtorch that the verb <c>setup</c> keeps in the user's cache folder, for programs that bring none.</summary>
public static class FetchedLibTorch
{
    /// <summary>The version of the libtorch packages that go with the TorchSharp in use.</summary>
    public const string Version = "2.10.0";

    /// <summary>The version of CUDA that these packages are built for.</summary>
    public const string CudaVersion = "12.8";

    /// <summary>The system and the architecture that it is for, as packages name them, e.g. <c>linux-x64</c>.</summary>
    public static string Platform => LibraryLocator.Platform;

    /// <summary>The folder of its libraries: there once it is complete, never before.</summary>
    /// <param name="withCuda">The one with CUDA, or the one for the CPU alone.</param>
    public static string FolderOf(bool withCuda) =>
        Path.Combine(UserCache.Folder, "libtorch", $"{Version}-{(withCuda ? $"cuda-{CudaVersion}" : "cpu")}-{LibraryLocator.Platform}");

    /// <summary>The folder that is used: the one with CUDA if it is there, for it computes on the CPU as well; null where none is.</summary>
    public static string? Find() => new[] { FolderOf(withCuda: true), FolderOf(withCuda: false) }.FirstOrDefault(Directory.Exists);
}
