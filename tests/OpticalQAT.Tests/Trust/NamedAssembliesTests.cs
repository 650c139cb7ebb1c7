using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Tests.Cli;
using OpticalQAT.Tests.Support;

namespace OpticalQAT.Tests.Trust;

/// <summary>Code is loaded where whoever runs the program has named it, and never because a file that was sent says so.</summary>
public sealed class NamedAssembliesTests
{
    private TinyExperiment _tiny = null!;

    private string Evil => Path.Combine(_tiny.Folder, "evil.dll");

    private string Marker => Path.Combine(_tiny.Folder, "marker.txt");

    [SetUp]
    public void Make() => _tiny = new TinyExperiment();

    [TearDown]
    public void Remove() => _tiny.Dispose();

    [TestCase("nothing.dll", "there is no such file")]
    [TestCase(".", "this is a folder, and the assembly in it is wanted")]
    [TestCase("tiny.yaml", "this is no .NET assembly")]
    [TestCase("none.dll", "it has no kinds")]
    [TestCase("twice.dll", "two kinds of switch_on are called 'at_once'")]
    [TestCase("stray.dll", "the kind 'stray', Emitted.Kind, is of no known family")]
    [TestCase("old.dll", "it was built against another version of OpticalQAT")]
    public void What_cannot_be_used_is_answered_with_the_reason(string file, string problem)
    {
        File.Copy(typeof(OpticalQAT.Kernels.DiffractiveStack).Assembly.Location, Path.Combine(_tiny.Folder, "none.dll"));
        EmittedKind.Write(Path.Combine(_tiny.Folder, "twice.dll"), "at_once");
        EmittedKind.Write(Path.Combine(_tiny.Folder, "stray.dll"), "stray", family: typeof(object));
        EmittedKind.Write(Path.Combine(_tiny.Folder, "old.dll"), "old", isWhole: false);
        var inUse = KindAssemblies.InUse.ToArray();

        var result = InProcess.Run(_tiny.Folder, "kinds", "--assembly", file);

        Assert.That(result.Errors, Does.StartWith($"--assembly {file}: the assembly ").And.Contains(problem));
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors.Trim().Split('\n'), Has.Length.EqualTo(1));
        Assert.That(KindAssemblies.InUse, Is.EqualTo(inUse));
    }

    [Test]
    public void A_mistake_in_a_file_is_answered_with_its_place()
    {
        File.AppendAllText(Path.Combine(_tiny.Folder, "tiny.yaml"), "assemblies: [nothing.dll]\n");
        var result = InProcess.Run(_tiny.Folder, "validate", "tiny.yaml", "--quick");
        Assert.That(result.Errors, Does.Match(@"^tiny\.yaml:\d+:14: the assembly .*nothing\.dll: there is no such file"));
        Assert.That(result.ExitCode, Is.EqualTo(2));
    }

    /// <summary>The control of the tests below: the assembly does run its code where it is named.</summary>
    [Test, Slow]
    public void An_assembly_that_is_named_is_loaded()
    {
        EmittedKind.Write(Evil, "evil", Marker);
        Assert.That(_tiny.Run("kinds", "switch_on", "--assembly", "evil.dll").Output, Does.Contain("kind: evil"));
        Assert.That(File.Exists(Marker));
        File.Delete(Marker);
        Directory.CreateDirectory(Path.Combine(_tiny.Folder, "elsewhere"));
        File.WriteAllText(Path.Combine(_tiny.Folder, "elsewhere", "mine.yaml"), TinyExperiment.Yaml + "assemblies: [../evil.dll]\n");
        Assert.That(_tiny.Run("validate", "elsewhere/mine.yaml", "quantizer.switch_on.kind=evil", "--quick").ExitCode, Is.Zero);
        Assert.That(File.Exists(Marker));
        File.Delete(Marker);
        Assert.That(_tiny.Run("validate", "tiny.yaml", "assemblies=[evil.dll]", "quantizer.switch_on.kind=evil", "--quick").ExitCode, Is.Zero);
        Assert.That(File.Exists(Marker));
    }

    [Test]
    public void A_base_loads_nothing()
    {
        EmittedKind.Write(Evil, "evil", Marker);
        File.AppendAllText(Path.Combine(_tiny.Folder, "tiny.yaml"), "assemblies: [evil.dll]\n");
        File.WriteAllText(Path.Combine(_tiny.Folder, "mine.yaml"), "base: tiny.yaml\n");
        Assert.That(InProcess.Run(_tiny.Folder, "validate", "mine.yaml", "--quick").ExitCode, Is.Zero);
        var result = InProcess.Run(_tiny.Folder, "validate", "mine.yaml", "quantizer.switch_on.kind=evil", "--quick");
        Assert.That(result.Errors, Does.Contain("'evil' is in none of the assemblies in use").And.Contains($"--assembly {Evil}"));
        Assert.That(File.Exists(Marker), Is.False);
    }

    [Test, Slow]
    public void A_run_that_was_sent_loads_nothing()
    {
        EmittedKind.Write(Evil, "evil", Marker);
        Assert.That(InProcess.Run(_tiny.Folder, "train", "tiny.yaml").ExitCode, Is.Zero);
        var run = _tiny.Runs.Single();
        var file = Path.Combine(run, "config.yaml");
        File.AppendAllText(file, $"assemblies: [{Evil}]\n");
        Assert.That(InProcess.Run(_tiny.Folder, "evaluate", run).ExitCode, Is.Zero);

        File.WriteAllText(file, File.ReadAllText(file).Replace("kind: at_once", "kind: evil", StringComparison.Ordinal));
        foreach (var words in (string[][])[["evaluate", run], ["report", run], ["quantize", run, "--levels", "2"], ["train", "--resume", run]])
        {
            var result = InProcess.Run(_tiny.Folder, words);
            Assert.That(result.Errors, Does.Contain("'evil' is in none of the assemblies in use").And.Contains($"--assembly {Evil}"), words[0]);
            Assert.That(result.ExitCode, Is.EqualTo(2), words[0]);
        }
        Assert.That(InProcess.Run(_tiny.Folder, "runs").ExitCode, Is.Zero);
        Assert.That(File.Exists(Marker), Is.False);
    }

    [Test, Slow]
    public void A_model_that_was_sent_loads_nothing()
    {
        EmittedKind.Write(Evil, "evil", Marker);
        Assert.That(InProcess.Run(_tiny.Folder, "train", "tiny.yaml").ExitCode, Is.Zero);
        var model = Path.Combine(_tiny.Folder, "model.safetensors");
        File.Copy(Path.Combine(_tiny.Runs.Single(), "model.safetensors"), model);

        Change(yaml => yaml.Replace("kind: at_once", "kind: evil", StringComparison.Ordinal));
        Assert.That(Refused("evaluate", model), Does.Contain("'evil' is in none of the assemblies in use").And.Contains("--assembly PATH"));
        Change(yaml => yaml + $"assemblies: [{Evil}]\n");
        foreach (var words in (string[][])[["evaluate", model], ["quantize", model, "--levels", "2"]])
            Assert.That(Refused(words), Does.Contain("'assemblies' is a path on a machine, and no such path is taken from here").And.Contains("'evil' is in none of the assemblies in use"));
        Assert.That(File.Exists(Marker), Is.False);

        void Change(Func<string, string> change) => ModelFiles.Change(model, (_, texts) => texts["experiment"] = change(texts["experiment"]));

        string Refused(params string[] words)
        {
            var result = InProcess.Run(_tiny.Folder, words);
            Assert.That(result.ExitCode, Is.EqualTo(2));
            return result.Errors;
        }
    }

    /// <summary>Configurations without the key keep their bytes, and what goes on to other machines never has it.</summary>
    [Test]
    public void The_key_is_written_where_it_is_used_and_not_into_models()
    {
        var plain = Experiment.Read(Path.Combine(_tiny.Folder, "tiny.yaml"), []).ValueOrThrow();
        var own = plain with { Assemblies = ["/my/$kinds.dll"] };
        Assert.That(ConfigurationWriter.Write(plain, portable: false), Does.Not.Contain("assemblies"));
        Assert.That(ConfigurationWriter.Write(own, portable: true), Is.EqualTo(ConfigurationWriter.Write(plain, portable: true)));
        Assert.That(ConfigurationReader.Read<Experiment>(ConfigurationWriter.Write(own, portable: false), "own.yaml", []).ValueOrThrow().Assemblies, Is.EqualTo(own.Assemblies));
    }
}
