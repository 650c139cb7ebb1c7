using NUnit.Framework;
using OpticalQAT.Tests.Formats;

namespace OpticalQAT.Tests.Cli;

/// <summary>The verb <c>examples</c>: the folder <c>configs</c> for those who have no checkout.</summary>
public sealed class ExamplesVerbTests
{
    private TinyExperiment _tiny = null!;

    [OneTimeSetUp]
    public void MakeFolder() => _tiny = new TinyExperiment();

    [OneTimeTearDown]
    public void Remove() => _tiny.Dispose();

    [Test]
    public void AllConfigurationsOfTheRepositoryAreWrittenAsTheyAre_AndNothingIsOverwritten()
    {
        var configs = Path.GetDirectoryName(Checkout.Find("configs/quickstart.yaml"));
        Assume.That(configs, Is.Not.Null, "the tests run outside the checkout");
        var mine = Path.Combine(Directory.CreateDirectory(Path.Combine(_tiny.Folder, "out")).FullName, "quickstart.yaml");
        File.WriteAllText(mine, "mine");
        var result = _tiny.Run("examples", "--output", "out");

        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Errors, Is.EqualTo($"{Path.Combine("out", "quickstart.yaml")} is there already and was left alone.\n"));
        Assert.That(File.ReadAllText(mine), Is.EqualTo("mine"));
        string[] others = [.. Directory.GetFiles(configs!, "*.yaml", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(configs!, file)).Where(file => file is not "quickstart.yaml")];
        Assert.That(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EquivalentTo(others.Select(file => Path.Combine("out", file))));
        foreach (var file in others)
            Assert.That(File.ReadAllText(Path.Combine(_tiny.Folder, "out", file)), Is.EqualTo(File.ReadAllText(Path.Combine(configs!, file))), file);
    }

    [Test]
    public void OneIsPrintedForAFile()
    {
        var result = CommandResult.WithoutLibTorch(_tiny.Folder, "examples", "quickstart");

        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Output, Does.StartWith("#").And.Contain("name: quickstart"));
        Assert.That(CommandResult.WithoutLibTorch(_tiny.Folder, "examples", "configs/quickstart.yaml").Output, Is.EqualTo(result.Output));
    }

    [Test]
    public void TheyAreListedWithWhatTheyAre()
    {
        var result = CommandResult.WithoutLibTorch(_tiny.Folder, "examples");

        Assert.That(result.Output.Split('\n'), Has.Some.StartsWith("mnist/4-levels: ").And.Some.StartsWith("quickstart: "));
    }

    [Test]
    public void AnUnknownOneIsRefusedWithThoseThatThereAre()
    {
        var result = CommandResult.WithoutLibTorch(_tiny.Folder, "examples", "quickstrat");

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.StartWith("There is no example 'quickstrat'; there are compare/mnist, compare/mnist-recipes, compare/quickstart, "));
    }

    [Test]
    public void WhoNamesAnExampleThatIsNoFileIsToldHowToGetIt()
    {
        var result = CommandResult.WithoutLibTorch(_tiny.Folder, "train", "configs/quickstart.yaml");

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Is.EqualTo(
            $"configs/quickstart.yaml: there is no such configuration file (looked for {Path.Combine(_tiny.Folder, "configs", "quickstart.yaml")}). It is one of the examples: "
            + "'opticalqat examples --output configs' writes them all, and then configs/quickstart.yaml is there.\n"));
    }
}
