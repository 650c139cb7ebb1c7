using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Studies.Comparison;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Support;

namespace OpticalQAT.Tests.Configuration;

/// <summary>An experiment file laid over the one that its key 'base' names.</summary>
public sealed class BaseFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BaseFileTests() => File.WriteAllText(_folder.File("base.yaml"), ConfigurationWriter.Write(SmallExperiment.With(), portable: false));

    public void Dispose() => _folder.Dispose();

    private string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        File.WriteAllText(_folder.File(name), text);
        return _folder.File(name);
    }

    private string[] ErrorsOf(string file, params string[] overrides) => [.. Experiment.Read(file, overrides).Errors.Select(e => e.ToString().Replace(_folder.Path + "/", "", StringComparison.Ordinal))];

    [Test]
    public void What_the_file_says_counts_and_the_rest_is_the_bases()
    {
        var middle = Write("sub/middle.yaml", "base: ../base.yaml\nname: middle\nseed: 7\ntraining: { batch_size: 10 }\n");
        var top = Write("top.yaml", "base: sub/middle.yaml\nname: top\nquantizer: { kind: progressive_sigmoid, levels: { kind: cyclic, count: 8 } }\n");
        var read = Experiment.Read(top, ["seed=9"]).ValueOrThrow();
        var expected = SmallExperiment.With("name=top", "seed=9", "training.batch_size=10", "quantizer={ kind: progressive_sigmoid, levels: { kind: cyclic, count: 8 } }");
        var resolved = ConfigurationWriter.Write(read, portable: false);
        Assert.That(resolved, Is.EqualTo(ConfigurationWriter.Write(expected, portable: false)), "a mapping of another kind takes the place of the whole one, overrides come last");
        Assert.That(resolved, Does.Not.Contain("base:"), "what a run keeps stands alone");
        Assert.That(Experiment.Read(middle, []).ValueOrThrow().Seed, Is.EqualTo(7));
    }

    [Test]
    public void Errors_name_the_file_and_line_that_they_are_in()
    {
        Write("wrong.yaml", "base: base.yaml\nseed: x\ntraining:\n  batch_sise: 3\n");
        var top = Write("top.yaml", "base: wrong.yaml\n\nname: a/b\ndevice: gpu\n");
        Assert.That(ErrorsOf(top, "training.batch_size=0"), Is.EqualTo((string[])[
            "top.yaml:4:9: 'device' is wrong: \"gpu\" is no device: write auto, cpu, cuda, or cuda:1 for the second CUDA device.",
            "wrong.yaml:2:7: 'seed' must be an integer, but is 'x'",
            "wrong.yaml:4:3: there is no key 'training.batch_sise'; did you mean 'training.batch_size'?",
            "override 'training.batch_size=0': 'training.batch_size' must be at least 1, but is 0",
        ]));
    }

    [Test]
    public void A_circle_a_missing_file_and_too_many_files_are_refused()
    {
        var a = Write("a.yaml", "base: b.yaml\n");
        Write("b.yaml", "name: b\nbase: c.yaml\n");
        Write("c.yaml", "base: ./b.yaml\n");
        var circle = Experiment.Read(a, []).Errors.Single();
        Assert.That(circle.ToString(), Is.EqualTo($"{_folder.File("c.yaml")}:1:7: 'base' goes round in a circle: {_folder.File("b.yaml")} -> {_folder.File("c.yaml")} -> {_folder.File("b.yaml")}; one of these files must stand alone"));
        Assert.That(ErrorsOf(Write("self.yaml", "base: self.yaml\n")), Is.EqualTo((string[])["self.yaml:1:7: 'base' goes round in a circle: self.yaml -> self.yaml; one of these files must stand alone"]));
        Assert.That(ErrorsOf(Write("lost.yaml", "base: nosuch.yaml\n")), Is.EqualTo((string[])["lost.yaml:1:7: 'base' names nosuch.yaml, and there is no such file; a relative path starts at this file's folder"]));
        Assert.That(ErrorsOf(Write("list.yaml", "base: [base.yaml]\n")), Is.EqualTo((string[])["list.yaml:1:7: 'base' must be an experiment file, but is a list"]));
        Assert.That(ErrorsOf(Write("over-text.yaml", "base: text.yaml\n"), []), Has.Length.EqualTo(1));
        Write("text.yaml", "just text\n");
        Assert.That(ErrorsOf(_folder.File("over-text.yaml")), Is.EqualTo((string[])["text.yaml:1:1: a mapping of keys was expected, but this is 'just text'"]));

        for (var i = 0; i < 20; i++)
            Write($"n{i}.yaml", $"base: n{i + 1}.yaml\n");
        Write("n20.yaml", "name: x\n");
        Assert.That(ErrorsOf(_folder.File("n0.yaml")).Single(), Does.StartWith("n15.yaml:1:7: this is the 16th file that is laid over another: n0.yaml -> n1.yaml -> "));
    }

    [Test]
    public void A_base_is_written_into_files_only()
    {
        Assert.That(ErrorsOf(_folder.File("base.yaml"), "base=other.yaml"), Is.EqualTo((string[])["override 'base=other.yaml': there is no key 'base'; what stands here cannot have a base: 'base' is written into an experiment file"]));
        var metadata = ConfigurationReader.Read<Experiment>("base: base.yaml\nname: x\n", "model.safetensors (metadata)", []);
        Assert.That(metadata.Errors[0].ToString(), Is.EqualTo("model.safetensors (metadata):1:1: there is no key 'base'; what stands here cannot have a base: 'base' is written into an experiment file"), "what is read from a model leads to no other file");
    }

    [Test]
    public void An_experiment_with_a_base_is_not_taken_for_a_comparison_and_can_be_the_base_of_one()
    {
        var top = Write("top.yaml", "base: base.yaml\nname: top\ntraining: { batch_size: 10 }\n");
        Assert.That(ComparisonPlan.Recognises(top), Is.False);
        var comparison = Write("compare.yaml", "name: c\nbase: top.yaml\nseeds: [1]\n");
        Assert.That(ComparisonPlan.Recognises(comparison));
        Assert.That(ComparisonPlan.Read(comparison, []).ValueOrThrow().Settings[0].Experiment.Training.BatchSize, Is.EqualTo(10));
    }

    [Test]
    public void A_base_may_lie_in_a_folder_that_a_variable_names()
    {
        Environment.SetEnvironmentVariable("OPTICALQAT_TEST_BASES", _folder.Path);
        try
        {
            Assert.That(Experiment.Read(Write("sub/top.yaml", "base: $OPTICALQAT_TEST_BASES/base.yaml\nname: top\n"), []).ValueOrThrow().Name, Is.EqualTo("top"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("OPTICALQAT_TEST_BASES", null);
        }
    }
}
