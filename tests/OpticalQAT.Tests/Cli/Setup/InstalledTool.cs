using OpticalQAT.Runtime;
using OpticalQAT.Tests.Runtime;

namespace OpticalQAT.Tests.Cli.Setup;

/// <summary>The program as an installed tool has it: without a libtorch; and a home of its own, with an empty cache.</summary>
internal sealed class InstalledTool : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public InstalledTool()
    {
        Directory.CreateDirectory(Home);
        var native = Directory.CreateDirectory(_folder.File($"tool/runtimes/{FetchedLibTorch.Platform}/native")).FullName;
        // The host takes the folder that the program's file really lies in; without the list of dependencies, which names libtorch
        // here, it takes what lies beside the program.
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory).Where(file => !file.EndsWith(".deps.json", StringComparison.Ordinal)))
        {
            var place = _folder.File("tool/" + Path.GetFileName(file));
            if (Path.GetFileName(file).StartsWith("OpticalQAT.Cli.", StringComparison.Ordinal))
                File.Copy(file, place);
            else
                File.CreateSymbolicLink(place, file);
        }
        var torchSharp = LibraryLocator.ForApplication().Find("LibTorchSharp")!;
        File.CreateSymbolicLink(Path.Combine(native, Path.GetFileName(torchSharp)), torchSharp);
        var skia = LibraryLocator.ForApplication().Find("SkiaSharp")!;
        File.CreateSymbolicLink(_folder.File("tool/" + Path.GetFileName(skia)), skia);
    }

    /// <summary>The folder in which it is run.</summary>
    public string Home => _folder.File("home");

    /// <summary>Runs it to its end.</summary>
    public CommandResult Run(params string[] words) => CommandResult.Of(_folder.File("tool/OpticalQAT.Cli.dll"), Home, new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["OPTICALQAT_LIBTORCH"] = null,
        ["XDG_CACHE_HOME"] = _folder.File("cache"),
        ["NUGET_PACKAGES"] = _folder.File("packages"),
    }, words);

    /// <summary>Gives it the libtorch of the tests, as if <c>setup</c> had fetched it.</summary>
    public string Fetch()
    {
        var own = Path.GetDirectoryName(LibraryLocator.ForApplication().Find("torch_cpu"))!;
        var folder = Directory.CreateDirectory(_folder.File($"cache/opticalqat/libtorch/{FetchedLibTorch.Version}-cpu-{FetchedLibTorch.Platform}")).FullName;
        foreach (var file in Directory.EnumerateFiles(own))
            File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(file)), File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file);
        return folder;
    }

    public void Dispose() => _folder.Dispose();
}
