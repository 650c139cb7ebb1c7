using System.Runtime.InteropServices;

namespace OpticalQAT.Runtime;

/// <summary>
/// The folders of the native libraries: <c>runtimes/RID/native</c> of a build or an installed tool, beside the program of
/// a self-contained publish, or where the host was told to look.
/// </summary>
/// <param name="Folders">The folders, in the order in which they are searched.</param>
internal sealed record LibraryLocator(IReadOnlyList<string> Folders)
{
    /// <summary>The variable that names the <c>lib</c> folder of a libtorch, or of a Python PyTorch, to use instead.</summary>
    public const string OverrideVariable = "OPTICALQAT_LIBTORCH";

    /// <summary>The libtorch that TorchSharp was built against. Asking TorchSharp itself would start its own loader.</summary>
    public const string LibTorchVersion = "2.10";

    /// <summary>The system and the architecture that the program runs on, as packages name them, e.g. <c>linux-x64</c>.</summary>
    public static string Platform =>
        $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>The locator of the running program.</summary>
    public static LibraryLocator ForApplication()
    {
        var host = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        string[] folders =
        [
            Path.Combine(AppContext.BaseDirectory, "runtimes", Platform, "native"),
            AppContext.BaseDirectory,
            .. host.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        ];
        return new LibraryLocator([.. folders.Select(f => Path.TrimEndingDirectorySeparator(Path.GetFullPath(f))).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>A library's file name on this system: <c>torch_cpu</c> is <c>libtorch_cpu.so</c> on Linux.</summary>
    public static string FileName(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    /// <summary>The full path of a library, or null where no folder has it.</summary>
    public string? Find(string library) =>
        Folders.Select(folder => Path.Combine(folder, FileName(library))).FirstOrDefault(File.Exists);
}
