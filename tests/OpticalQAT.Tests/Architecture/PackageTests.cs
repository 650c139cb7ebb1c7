using System.Diagnostics;
using System.Text.Json;
using NUnit.Framework;
using OpticalQAT.Tests.Formats;

namespace OpticalQAT.Tests.Architecture;

/// <summary>The statements of the packages about themselves, by the build's own evaluation; scripts/check-package.sh looks into the packages.</summary>
public sealed class PackageTests
{
    [TestCase("OpticalQAT", "OpticalQAT")]
    [TestCase("OpticalQAT.Kernels", "OpticalQAT.Kernels")]
    [TestCase("OpticalQAT.Cli", "OpticalQAT.Tool")]
    public void APackageSaysWhatItIs(string project, string id)
    {
        var properties = Properties(project, "PackageId", "Description", "PackageLicenseExpression", "PackageReadmeFile", "PackageIcon", "PackageTags", "Authors", "MinVerTagPrefix");

        Assert.That(properties["PackageId"], Is.EqualTo(id));
        Assert.That(properties["Description"], Has.Length.GreaterThan(80));
        Assert.That(properties["PackageLicenseExpression"], Is.EqualTo("MIT"));
        Assert.That(properties["PackageTags"].Split(';'), Has.Length.GreaterThan(3).And.Contain("optics"));
        Assert.That(properties["Authors"], Is.EqualTo("The OpticalQAT authors"));
        Assert.That(properties["MinVerTagPrefix"], Is.EqualTo("v"));
        Assert.That(Checkout.Find($"src/{project}/{properties["PackageReadmeFile"]}"), Is.Not.Null);
        Assert.That(Checkout.Find($"src/{properties["PackageIcon"]}"), Is.Not.Null);
    }

    [Test]
    public void TheToolIsPackedForEachPlatformThatTorchSharpKnows()
    {
        var properties = Properties("OpticalQAT.Cli", "PackAsTool", "ToolCommandName", "ToolPackageRuntimeIdentifiers", "PublishReadyToRun");

        Assert.That(string.Join(' ', properties.Values), Is.EqualTo("true opticalqat linux-x64;win-x64;osx-arm64 true"));
    }

    private static Dictionary<string, string> Properties(string project, params string[] names)
    {
        var file = Checkout.Find($"src/{project}/{project}.csproj");
        Assume.That(file, Is.Not.Null, "the tests run outside the checkout");
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["msbuild", file!, "-p:_IsPacking=true", "-p:RuntimeIdentifier=linux-x64", $"-getProperty:{string.Join(',', names)}"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        using var document = JsonDocument.Parse(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        return document.RootElement.GetProperty("Properties").EnumerateObject().ToDictionary(property => property.Name, property => property.Value.GetString()!, StringComparer.Ordinal);
    }
}
