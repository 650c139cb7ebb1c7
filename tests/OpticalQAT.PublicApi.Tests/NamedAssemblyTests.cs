using System.Text;
using NUnit.Framework;
using OpticalQAT.PublicApi.Tests.Kinds;

namespace OpticalQAT.PublicApi.Tests;

/// <summary>The program with an assembly of one's own, from the experiment file to the evaluation of the model.</summary>
[Category("Slow")]
public sealed class NamedAssemblyTests
{
    private static readonly string Own = typeof(Bars).Assembly.Location;

    private string _folder = null!;

    [SetUp]
    public void Make() => _folder = Directory.CreateTempSubdirectory("opticalqat-named-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Its_kinds_are_listed_and_in_the_schema()
    {
        Assert.That((await Run("kinds", "quantizer", "--assembly", Own)).Output, Does.Contain("kind: eased").And.Contains("kind: straight_through"));
        Assert.That((await Run("kinds", "quantizer")).Output, Does.Not.Contain("eased"));
        Assert.That((await Run("schema", "--assembly", Own)).Output, Does.Contain("\"square_roots\""));
    }

    [Test]
    public async Task A_run_says_which_it_needs_and_a_model_names_no_path()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "bars.yaml"), $"{OwnExperiments.Classifier}\nassemblies: [{Path.GetRelativePath(_folder, Own)}]\n");
        var trained = await Run("train", "bars.yaml");
        Assert.That(trained.ExitCode, Is.Zero, trained.Errors);
        var run = Directory.GetDirectories(Path.Combine(_folder, "runs", "bars")).Single();
        Assert.That(await File.ReadAllTextAsync(Path.Combine(run, "config.yaml")), Does.Contain($"assemblies: [{Own}]").Or.Contain($"assemblies: [\"{Own}\"]"));
        Assert.That(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Path.Combine(run, "model.safetensors"))), Does.Not.Contain(Path.GetFileName(Own)).And.Not.Contain("assemblies"));

        // A model names no path, a run's configuration does.
        foreach (var (words, named) in new (string[], string)[] { (["evaluate", run], "PATH"), (["train", "--resume", run], Own) })
        {
            var alone = await Run(words);
            Assert.That(alone.ExitCode, Is.EqualTo(2));
            Assert.That(alone.Errors, Does.Contain("'eased' is in none of the assemblies in use").And.Contains($"--assembly {named}"));
            Assert.That((await Run([.. words, "--assembly", Own])).ExitCode, Is.Zero);
        }
        var sent = Path.Combine(run, "model.safetensors");
        Assert.That((await Run("evaluate", sent)).Errors, Does.Contain("'eased' is in none of the assemblies in use: name the one that has it, --assembly PATH"));
        Assert.That((await Run("evaluate", sent, "--assembly", Own)).ExitCode, Is.Zero);
        Assert.That((await Run("train", "bars.yaml", "--resume", run)).ExitCode, Is.Zero, "the file that is given names it");
    }

    private Task<ProgramResult> Run(params string[] words) =>
        ProgramResult.OfDotnet(_folder, [Path.Combine(TestContext.CurrentContext.TestDirectory, "OpticalQAT.Cli.dll"), .. words]);
}
