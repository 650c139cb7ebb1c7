namespace OpticalQAT.Runtime;

/// <summary>
/// Finds and loads, by full path and in the order of their dependencies, libtorch and LibTorchSharp. What LibTorchSharp
/// asks for by name is then already there, wherever it lies itself.
/// </summary>
internal sealed class NativeLibraryLoader(LibraryLocator application)
{
    private static readonly string[] Required = ["c10", "torch_cpu", "torch"];
    private static readonly string[] Cuda = ["c10_cuda", "torch_cuda"];

    /// <exception cref="NativeRuntimeException">A library is missing or does not load; says what was tried.</exception>
    public NativeLibraries Load()
    {
        var (libtorch, source) = ChooseLibTorch();
        var isChosen = string.Equals(source, LibraryLocator.OverrideVariable, StringComparison.Ordinal);
        var original = application.Find("LibTorchSharp") ?? throw Missing("LibTorchSharp", application);
        foreach (var library in Required)
            _ = libtorch.Find(library) ?? throw (isChosen ? WrongFolder(library, libtorch) : Missing(library, libtorch));

        if (isChosen)
            RefuseASecondCuda(libtorch);
        LoadOne(libtorch.Find("c10")!);
        var cpu = LoadOne(libtorch.Find("torch_cpu")!);
        foreach (var path in Cuda.Select(libtorch.Find).OfType<string>())
            LoadOne(path);
        LoadOne(libtorch.Find("torch")!);
        if (isChosen)
            HideOwnLibTorch(libtorch);
        var (torchSharp, handle, note) = LoadLibTorchSharp(original, isChosen);
        return new NativeLibraries(
            torchSharp, Path.GetDirectoryName(libtorch.Find("torch_cpu"))!, source, note)
        {
            LibTorchSharpHandle = handle,
            LibTorchCpuHandle = cpu,
        };
    }

    // What the user names wins; then what the program brings; what was fetched serves programs that bring none.
    private (LibraryLocator Folders, string Source) ChooseLibTorch()
    {
        if (Environment.GetEnvironmentVariable(LibraryLocator.OverrideVariable) is { } named && !string.IsNullOrWhiteSpace(named))
            return (new LibraryLocator([Path.GetFullPath(named)]), LibraryLocator.OverrideVariable);
        if (application.Find("torch_cpu") is not null)
            return (application, NativeLibraries.OfPackage);
        return (new LibraryLocator([FetchedLibTorch.Find() ?? throw None()]), NativeLibraries.OfSetup);
    }

    // The alias below answers for torch_cpu only.
    private void RefuseASecondCuda(LibraryLocator chosen)
    {
        if (application.Find("torch_cuda") is { } own && !string.Equals(own, chosen.Find("torch_cuda"), StringComparison.Ordinal))
            throw Two(own, null);
    }

    private void HideOwnLibTorch(LibraryLocator chosen)
    {
        if (application.Find("torch_cpu") is not { } own || string.Equals(own, chosen.Find("torch_cpu"), StringComparison.Ordinal))
            return;
        if (!OperatingSystem.IsLinux())
            throw Two(own, null);
        try
        {
            LibTorchAlias.Load(chosen.Find("torch")!, UserCache.Folder);
        }
        catch (Exception e) when (e is DllNotFoundException or IOException or InvalidDataException)
        {
            throw Two(own, e);
        }
    }

    private static NativeRuntimeException Two(string own, Exception? reason) =>
        new($"{LibraryLocator.OverrideVariable} is set, but this build brings its own libtorch ({own}), and two cannot run in one "
            + $"process. Unset the variable, or build with -p:TorchBackend=none. {reason?.Message}".TrimEnd(), reason);

    private static nint LoadOne(string path)
    {
        try
        {
            return DynamicLoader.Load(path);
        }
        catch (DllNotFoundException e)
        {
            throw new NativeRuntimeException($"{path} does not load: {e.Message}", e);
        }
    }

    private static (string Path, nint Handle, string? Note) LoadLibTorchSharp(string original, bool isChosen)
    {
        var hint = isChosen ? $" The libtorch that {LibraryLocator.OverrideVariable} names must be version {LibraryLocator.LibTorchVersion}." : "";
        try
        {
            return (original, DynamicLoader.Load(original), null);
        }
        catch (DllNotFoundException e) when (OperatingSystem.IsLinux() && e.Message.Contains("version `", StringComparison.Ordinal))
        {
            return LoadCopy(original, e.Message, hint);
        }
        catch (DllNotFoundException e)
        {
            throw new NativeRuntimeException($"{original} does not load: {e.Message}.{hint}", e);
        }
    }

    private static (string Path, nint Handle, string? Note) LoadCopy(string original, string reason, string hint)
    {
        try
        {
            var copy = CompatibleCopy.Make(original, AppContext.BaseDirectory, UserCache.Folder);
            var note = $"{reason}; nothing in it uses {string.Join(", ", copy.Weakened)}, so a copy that does not insist on it is loaded";
            return (copy.Path, DynamicLoader.Load(copy.Path), note);
        }
        catch (Exception e) when (e is DllNotFoundException or IOException or InvalidDataException)
        {
            throw new NativeRuntimeException(
                $"{original} does not load: {reason}. A copy made to do without that version failed too: {e.Message}.{hint} "
                + "A libstdc++ of GCC 13 or newer, first on LD_LIBRARY_PATH, does without the copy.", e);
        }
    }

    private static NativeRuntimeException WrongFolder(string library, LibraryLocator folder) =>
        new($"{LibraryLocator.OverrideVariable}={folder.Folders[0]}: no {LibraryLocator.FileName(library)} there. "
            + $"The folder must hold {string.Join(", ", Required.Select(LibraryLocator.FileName))} of libtorch {LibraryLocator.LibTorchVersion}: "
            + "the lib folder of a libtorch download, or torch/lib of a Python PyTorch.");

    private static NativeRuntimeException Missing(string library, LibraryLocator folders) =>
        new($"{LibraryLocator.FileName(library)} was not found in {string.Join(", ", folders.Folders)}. "
            + $"Build for a platform that TorchSharp knows, linux-x64, win-x64 or osx-arm64, or install again.");

    private static NativeRuntimeException None() =>
        new($"libtorch {LibraryLocator.LibTorchVersion} is missing: run 'opticalqat setup', which fetches it once, or set {LibraryLocator.OverrideVariable} to the lib "
            + $"folder of one; a program of your own can also reference the package libtorch-cpu-{LibraryLocator.Platform} {FetchedLibTorch.Version}.");
}
