using NUnit.Framework;
using OpticalQAT.Runtime;
using OpticalQAT.Tests.Formats;
using OpticalQAT.Tests.Support;

namespace OpticalQAT.Tests.Cli.Setup;

/// <summary>The tool where libtorch is missing, where it was fetched, and where what is fetched is not what it should be.</summary>
[Platform("Linux")]
public sealed class InstalledToolTests
{
    private const string Missing =
        "libtorch 2.10 is missing: run 'opticalqat setup', which fetches it once, or set OPTICALQAT_LIBTORCH to the lib folder of one; "
        + "a program of your own can also reference the package libtorch-cpu-linux-x64 2.10.0.\n";

    private InstalledTool _tool = null!;

    [OneTimeSetUp]
    public void Install()
    {
        _tool = new InstalledTool();
        using var tiny = new TinyExperiment();
        File.Copy(Path.Combine(tiny.Folder, "tiny.yaml"), Path.Combine(_tool.Home, "tiny.yaml"));
    }

    [OneTimeTearDown]
    public void Remove() => _tool.Dispose();

    [Test]
    [Order(1)]
    public void VerbsThatComputeSayInOneLineWhatIsMissing([Values("train")] string verb)
    {
        var result = _tool.Run(verb, "tiny.yaml");

        Assert.That((result.ExitCode, result.Output, result.Errors), Is.EqualTo((1, "", Missing)));
        Assert.That(Directory.EnumerateFileSystemEntries(_tool.Home).Select(Path.GetFileName), Is.EqualTo((string[])["tiny.yaml"]));
    }

    [Test]
    [Order(1)]
    public void VerbsThatComputeNothingWorkWithout([Values("--version", "--help", "kinds", "schema", "examples")] string word)
    {
        var result = _tool.Run(word);

        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")));
        Assert.That(result.Output, Is.Not.Empty);
    }

    [Test]
    [Order(1)]
    public void DoctorSaysThatItIsMissing()
    {
        var result = _tool.Run("doctor", "--json");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Json.GetProperty("library_failure").GetString() + "\n", Is.EqualTo(Missing));
        Assert.That(result.Json.GetProperty("fetched_lib_torch").GetString(), Is.Null);
    }

    /// <summary>The hash that the program knows stands between a source and the user's cache.</summary>
    [Test]
    [Order(1)]
    public void SetupRefusesAPackageThatOnlyBearsTheName()
    {
        using var feed = new FakeFeed(new FakePackage("libtorch-cpu-linux-x64", "2.10.0", [("runtimes/linux-x64/native/libtorch_cpu.so", [1, 2, 3])]));
        feed.Configure(_tool.Home);
        try
        {
            var result = _tool.Run("setup");

            Assert.That((result.ExitCode, result.Output), Is.EqualTo((1, "")));
            Assert.That(result.Errors, Does.Contain($"libtorch-cpu-linux-x64 2.10.0 from feed [{feed.Address}] is not the package that this version was made with"));
        }
        finally
        {
            File.Delete(Path.Combine(_tool.Home, "NuGet.Config"));
        }
    }

    [Test]
    [Order(2)]
    [Slow]
    public void TheLibTorchThatWasFetchedIsUsed()
    {
        var folder = _tool.Fetch();
        var report = _tool.Run("doctor", "--json");
        var setup = _tool.Run("setup", "--json");
        var training = _tool.Run("train", "tiny.yaml");

        Assert.That(report.Json.GetProperty("libraries").GetProperty("lib_torch_folder").GetString(), Is.EqualTo(folder), report.Output);
        Assert.That(report.Json.GetProperty("libraries").GetProperty("lib_torch_source").GetString(), Is.EqualTo("setup"));
        Assert.That(report.Json.GetProperty("why_no_cuda").GetString(), Is.EqualTo("the libtorch that 'opticalqat setup' fetched is one without CUDA; 'opticalqat setup --cuda' fetches one with it."));
        Assert.That(setup.Json.GetProperty("was_there").GetBoolean(), setup.Output);
        Assert.That(training.ExitCode, Is.Zero, training.Errors);
    }

    /// <summary>The versions stand in two places, the build's and the program's.</summary>
    [Test]
    public void TheVersionThatIsFetchedIsTheOneThatIsBuiltWith()
    {
        var file = Checkout.Find("Directory.Packages.props");
        Assume.That(file, Is.Not.Null, "the tests run outside the checkout");
        var text = File.ReadAllText(file!);

        foreach (var platform in new[] { "linux-x64", "win-x64", "osx-arm64" })
        {
            var package = OpticalQAT.Cli.Setup.LibTorchPackage.For(withCuda: false, platform);
            Assert.That(text, Does.Contain($"<PackageVersion Include=\"{package.Identity.Id}\" Version=\"{package.Identity.Version}\" />"));
            Assert.That(Convert.FromBase64String(package.ContentHash!), Has.Length.EqualTo(64));
        }
        Assert.That(() => OpticalQAT.Cli.Setup.LibTorchPackage.For(withCuda: true, "osx-arm64"), Throws.TypeOf<NativeRuntimeException>().With.Message.EqualTo(
            "There is no libtorch with CUDA for osx-arm64 among the packages of TorchSharp. A libtorch 2.10.0 from elsewhere can be named by OPTICALQAT_LIBTORCH."));
    }
}
