using System.Diagnostics;
using System.Text.Json;
using NUnit.Framework;
using OpticalQAT.Tests.Formats;

namespace OpticalQAT.Tests.Runtime;

/// <summary>Which packages a build references. The CUDA package is too large to restore for a test: what is asked is the build's own evaluation.</summary>
public sealed class TorchBackendTests
{
    [TestCase("cpu", "linux-x64", "libtorch-cpu-linux-x64")]
    [TestCase("cpu", "win-x64", "libtorch-cpu-win-x64")]
    [TestCase("cuda", "linux-x64", "TorchSharp-cuda-linux")]
    [TestCase("none", "linux-x64", "")]
    public void BackendChoosesThePackageOfThePrograms(string backend, string platform, string expected)
    {
        var torch = References("src/OpticalQAT.Cli/OpticalQAT.Cli.csproj", $"-p:TorchBackend={backend}", $"-p:RuntimeIdentifier={platform}")
            .Where(name => name.Contains("torch", StringComparison.OrdinalIgnoreCase));

        Assert.That(torch, Is.EqualTo(expected.Split(',', StringSplitOptions.RemoveEmptyEntries)));
    }

    /// <summary>Whoever uses the library chooses a libtorch for himself.</summary>
    [Test]
    public void TheLibraryAsksForNone()
    {
        var torch = References("src/OpticalQAT/OpticalQAT.csproj").Where(name => name.Contains("torch", StringComparison.OrdinalIgnoreCase));

        Assert.That(torch, Is.EqualTo((string[])["TorchSharp"]));
    }

    private static IEnumerable<string> References(string path, params string[] properties)
    {
        var project = Checkout.Find(path);
        Assume.That(project, Is.Not.Null, "the tests run outside the checkout");
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var argument in new[] { "msbuild", project!, "-getItem:PackageReference" }.Concat(properties))
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        using var items = JsonDocument.Parse(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        return [.. items.RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!)];
    }
}
