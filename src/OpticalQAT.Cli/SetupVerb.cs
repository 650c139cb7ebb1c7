using System.CommandLine;
using System.Text.Json;
using OpticalQAT.Cli.Setup;
using OpticalQAT.Formats;
using OpticalQAT.Runtime;

namespace OpticalQAT.Cli;

/// <summary><c>setup</c>: fetches libtorch for an installed tool.</summary>
internal static class SetupVerb
{
    public static Command Command()
    {
        var cuda = new Option<bool>("--cuda") { Description = $"Fetch the libtorch with CUDA {FetchedLibTorch.CudaVersion}, about 2.5 GB in many packages, instead of the one for the CPU, about 0.1 GB." };
        var json = CommandLine.Json();
        var command = new Verb("setup", "Fetch libtorch, which computes, from your NuGet sources; once after installing.",
            $"""
            The packages are those of the TorchSharp in use, libtorch {FetchedLibTorch.Version}, checked by their hashes. They come from the sources
            that your NuGet configuration names, and go into your cache folder:
              {FetchedLibTorch.FolderOf(withCuda: false)}
            Interrupted, the same command goes on where it was. {NativeRuntime.LibTorchVariable} names a libtorch that is on the
            machine already, the lib folder of a download or of a Python PyTorch, and wins over what setup fetched.

            Examples:
              opticalqat setup
              opticalqat setup --cuda
              opticalqat doctor
            """)
        { cuda, json };
        command.SetAction(parsed => Interruption.Guard(interruption =>
        {
            interruption.Sentence = "Interrupted; what was fetched is kept, the same command goes on from here.";
            var withCuda = parsed.GetValue(cuda);
            var package = LibTorchPackage.For(withCuda, FetchedLibTorch.Platform);
            using var sources = new PackageSources(Environment.CurrentDirectory);
            var result = new LibTorchSetup(sources, new DownloadDisplay())
                .EnsureAsync(package, FetchedLibTorch.Platform, FetchedLibTorch.FolderOf(withCuda), interruption.Token).GetAwaiter().GetResult();
            var loaded = NativeRuntime.Libraries;
            if (parsed.GetValue(json))
                Console.Out.WriteLine(JsonSerializer.Serialize(Document(result), Json.Document));
            else
                Console.Out.WriteLine($"libtorch {FetchedLibTorch.Version}{(withCuda ? " with CUDA" : string.Empty)} {(result.WasThere ? "was there already:" : "is in")} {result.Folder}");
            if (!string.Equals(loaded.LibTorchFolder, result.Folder, StringComparison.Ordinal))
                Screen.Note($"It is not in use: {WhyNot(loaded, result)}");
            return ExitCode.Done;
        }));
        return command;
    }

    private static object Document(SetupResult result) => new
    {
        Folder = result.Folder,
        LibTorch = FetchedLibTorch.Version,
        WasThere = result.WasThere,
        Packages = result.Packages.Select(fetched => new { Name = fetched.Package.Id, Version = fetched.Package.Version.ToString(), fetched.Source, fetched.Bytes }),
    };

    private static string WhyNot(NativeLibraries loaded, SetupResult result) => loaded.LibTorchSource switch
    {
        NativeLibraries.OfPackage => $"this build brings a libtorch of its own. With {NativeRuntime.LibTorchVariable}={result.Folder} the fetched one is used.",
        NativeLibraries.OfSetup => $"the one with CUDA in {loaded.LibTorchFolder} is, which computes on the CPU as well. Delete that folder to change this.",
        _ => $"{NativeRuntime.LibTorchVariable} names {loaded.LibTorchFolder}. Unset it to use the fetched one.",
    };
}
