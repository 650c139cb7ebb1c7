using NUnit.Framework;

namespace OpticalQAT.Tests.Cli;

/// <summary>The answers of every verb to the mistakes that are made with verbs: whole messages, as users see them.</summary>
[TestFixture]
public sealed class EveryVerbTests
{
    /// <summary>The verbs, what each needs and calls it, and the kind of thing that it looks for there.</summary>
    private static readonly (string Verb, string[] Further, Wanted Wanted)[] Verbs =
    [
        ("train", [], Wanted.Configuration),
        ("evaluate", [], Wanted.Model),
        ("quantize", ["--levels", "4"], Wanted.Model),
        ("compare", [], Wanted.Comparison),
        ("robustness", ["plan.yaml"], Wanted.Model),
        ("report", [], Wanted.Run),
        ("runs", [], Wanted.Folder),
        ("validate", [], Wanted.Configuration),
        ("kinds", [], Wanted.Family),
        ("schema", [], Wanted.Nothing),
        ("doctor", [], Wanted.Nothing),
    ];

    public enum Wanted
    {
        Configuration,
        Comparison,
        Model,
        Run,
        Folder,
        Family,
        Nothing,
    }

    private TinyExperiment _tiny = null!;

    private static IEnumerable<TestCaseData> All => Verbs.Select(verb => new TestCaseData(verb.Verb, verb.Further, verb.Wanted).SetArgDisplayNames(verb.Verb));

    [OneTimeSetUp]
    public void MakeFolder()
    {
        _tiny = new TinyExperiment();
        Directory.CreateDirectory(Path.Combine(_tiny.Folder, "empty"));
        Directory.CreateDirectory(Path.Combine(_tiny.Folder, "runs", "tiny", "20260101-000000-abcd"));
        File.WriteAllText(Path.Combine(_tiny.Folder, "runs", "tiny", "20260101-000000-abcd", "config.yaml"), TinyExperiment.Yaml);
        File.WriteAllText(Path.Combine(_tiny.Folder, "some.safetensors"), "x");
        File.WriteAllText(Path.Combine(_tiny.Folder, "note.txt"), "a note");
        File.WriteAllText(Path.Combine(_tiny.Folder, "plan.yaml"), "sweeps: [{ error: { kind: lateral_shift, amount: 0.1 mm }, strengths: [1] }]\n");
        File.WriteAllText(Path.Combine(_tiny.Folder, "comparison.yaml"), "name: tiny\nbase: tiny.yaml\nseeds: [1]\n");
    }

    [OneTimeTearDown]
    public void Remove() => _tiny.Dispose();

    [Test]
    public void All_verbs_are_tried_here()
    {
        var listed = Say(2).Split("The verbs are ")[1].Split('.')[0].Split(", ");
        Assert.That(Verbs.Select(verb => verb.Verb), Is.EquivalentTo(listed.Except(NotOfThisTable, StringComparer.Ordinal)));
    }

    // Verbs that take no path of this table's kinds, with tests of their own.
    private static readonly string[] NotOfThisTable = ["setup", "examples"];

    [Test]
    public void No_verb()
    {
        Assert.That(Say(2), Does.StartWith("A verb is missing. The verbs are train, "));
        Assert.That(Say(2), Does.EndWith("Usage: opticalqat --help\n"));
    }

    [TestCaseSource(nameof(All))]
    public void A_misspelt_verb_is_guessed(string verb, string[] rest, Wanted wanted)
    {
        var misspelt = verb[..1] + verb[2] + verb[1] + verb[3..];
        Assert.That(Say(2, [misspelt, "tiny.yaml", .. rest]), Does.StartWith($"There is no verb '{misspelt}'; did you mean '{verb}'? The verbs are ").And.EndWith("\nUsage: opticalqat --help\n"));
    }

    [TestCaseSource(nameof(All))]
    public void An_unknown_option_is_named_and_those_that_there_are(string verb, string[] rest, Wanted wanted)
    {
        Assert.That(Say(2, [verb, "--jsno", .. rest]), Does.Match(@"^There is no option --jsno; did you mean --json\? The options are .*--json.*--verbose.*\.\nUsage: opticalqat " + verb + @" --help\n$"));
        Assert.That(Say(2, [verb, "tiny.yaml", "--colour", .. rest]), Does.StartWith("There is no option --colour. The options are "));
    }

    [TestCaseSource(nameof(All))]
    public void A_missing_argument_is_named_with_its_meaning(string verb, string[] rest, Wanted wanted)
    {
        if (wanted is Wanted.Folder or Wanted.Family or Wanted.Nothing)
            Assert.That(Verbs.Single(each => string.Equals(each.Verb, verb, StringComparison.Ordinal)).Further, Is.Empty, "it needs nothing");
        else
            Assert.That(Say(2, [verb]), Does.Match($"^{verb} needs ").And.Match("configuration|run|model|comparison").IgnoreCase);
    }

    [TestCaseSource(nameof(All))]
    public void A_missing_path_is_named_with_where_it_was_looked_for(string verb, string[] rest, Wanted wanted)
    {
        var at = Path.Combine(_tiny.Folder, "nosuch");
        var expected = wanted switch
        {
            Wanted.Configuration => $"nosuch: there is no such configuration file (looked for {at}).\n",
            Wanted.Comparison => $"nosuch: there is no such comparison file (looked for {at}).\n",
            Wanted.Model => $"nosuch: there is no such run directory or model file (looked for {at})\n",
            Wanted.Run => $"nosuch: there is no such run directory (looked for {at})\n",
            Wanted.Folder => $"nosuch: there is no such folder (looked for {at}); runs are kept where output.folder says, by default in runs.\n",
            Wanted.Family => "There is no family 'nosuch'. The families are ",
            _ => $"{verb} takes no arguments, but is given 'nosuch'.\n",
        };
        Assert.That(Say(2, [verb, "nosuch", .. rest]), Does.StartWith(expected));
    }

    [TestCaseSource(nameof(All))]
    public void A_path_that_is_nearly_right_is_guessed(string verb, string[] rest, Wanted wanted)
    {
        var (written, expected) = wanted switch
        {
            Wanted.Configuration or Wanted.Comparison => ("tinny.yaml", "; did you mean tiny.yaml?\n"),
            Wanted.Model or Wanted.Run => ("runs/tinny", $"; did you mean {Path.Combine("runs", "tiny")}?\n"),
            Wanted.Family => ("quantiser", "There is no family 'quantiser'; did you mean 'quantizer'? The families are "),
            _ => ("", ""),
        };
        if (written.Length > 0)
            Assert.That(Say(2, [verb, written, .. rest]), Does.Contain(expected));
    }

    [TestCaseSource(nameof(All))]
    public void A_folder_in_place_of_a_file_and_a_folder_without_runs(string verb, string[] rest, Wanted wanted)
    {
        var expected = wanted switch
        {
            Wanted.Configuration => "empty: this is a folder, and a configuration is wanted: a YAML file such as configs/quickstart.yaml.\n",
            Wanted.Comparison => "empty: this is a folder, and a comparison is wanted: a YAML file such as configs/compare/quickstart.yaml.\n",
            Wanted.Model => "empty: this is no run directory and holds no runs: there is no model.safetensors in this folder, and no config.yaml; give runs/NAME, runs/NAME/ID or a model file.\n",
            Wanted.Run => "empty: this is no run directory, it has no config.yaml, and holds no runs; give runs/NAME or runs/NAME/ID.\n",
            Wanted.Folder => "empty: there are no runs in this folder.\n",
            _ => null,
        };
        if (expected is not null)
            Assert.That(Say(wanted == Wanted.Folder ? 0 : 2, [verb, "empty", .. rest]), Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(All))]
    public void A_run_in_place_of_its_configuration_and_a_run_without_a_model(string verb, string[] rest, Wanted wanted)
    {
        var run = Path.Combine("runs", "tiny", "20260101-000000-abcd");
        var expected = wanted switch
        {
            Wanted.Configuration => $"runs/tiny: this is a folder, and a configuration is wanted: a YAML file such as configs/quickstart.yaml. It holds a run, whose configuration is {Path.Combine(run, "config.yaml")}; an interrupted run goes on with --resume.\n",
            Wanted.Comparison => $"runs/tiny: this is a folder, and a comparison is wanted: a YAML file such as configs/compare/quickstart.yaml. It holds a run, whose configuration is {Path.Combine(run, "config.yaml")}; an interrupted run goes on with --resume.\n",
            Wanted.Model => $"runs/tiny means its newest run, {run}\n{run}: there is no model.safetensors in this folder, for the run is not finished; resume it: opticalqat train --resume {run}\n",
            _ => null,
        };
        if (expected is not null)
            Assert.That(Say(2, [verb, "runs/tiny", .. rest]), Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(All))]
    public void A_file_of_another_kind_is_told_by_what_it_is(string verb, string[] rest, Wanted wanted)
    {
        (string File, string Expected)[] others = wanted switch
        {
            Wanted.Configuration => verb is "validate" ? [] :
            [
                ("comparison.yaml", "comparison.yaml: this is a comparison, and the configuration of an experiment is wanted; a comparison is run by: opticalqat compare comparison.yaml\n"),
                ("plan.yaml", "plan.yaml: this is a plan of robustness, and the configuration of an experiment is wanted; it is run by: opticalqat robustness RUN plan.yaml\n"),
                ("some.safetensors", "some.safetensors: this is a model, and a configuration is wanted, a YAML file; training starts from a model with training.start_from=some.safetensors.\n"),
                ("seed=3", "'seed=3' changes a key of a configuration, and stands where its file is wanted: the file comes first, then key=value.\n"),
            ],
            Wanted.Comparison =>
            [
                ("tiny.yaml", "tiny.yaml: this is the configuration of an experiment, and a comparison is wanted, which names one as its base; an experiment is run by: opticalqat train tiny.yaml\n"),
                ("plan.yaml", "plan.yaml: this is a plan of robustness, and a comparison is wanted; it is run by: opticalqat robustness RUN plan.yaml\n"),
            ],
            Wanted.Model => [("tiny.yaml", "tiny.yaml: this is a configuration, and a run or a model is wanted; train it first: opticalqat train tiny.yaml\n")],
            Wanted.Run => [("note.txt", "note.txt: this is no run directory but a file; give runs/NAME or runs/NAME/ID.\n")],
            Wanted.Folder => [("note.txt", "note.txt: this is a file, and the folder is wanted in which runs are kept, such as runs.\n")],
            Wanted.Family => [("straight_through", "'straight_through' is a kind of the family 'quantizer'; see: opticalqat kinds quantizer\n")],
            _ => [],
        };
        Assert.Multiple(() =>
        {
            foreach (var (file, expected) in others)
                Assert.That(Say(2, [verb, file, .. rest]), Is.EqualTo(expected));
        });
    }

    [TestCase("quantize x --levels four", "--levels is a whole number, but is 'four'.\n")]
    [TestCase("quantize x --levels", "--levels needs a value, N: How many heights can be printed, for the kinds that are given by their number.\n")]
    [TestCase("quantize x --levels 1", "--levels must be at least 2, but is 1.\n")]
    [TestCase("quantize x --kind", "--kind needs a value, KIND: How the level table is described, by default cyclic; 'opticalqat kinds levels' lists the kinds and their keys.\n")]
    [TestCase("robustness x plan.yaml --require-yield much", "--require-yield is a share between 0 and 1, such as 0.9, but is much.\n")]
    [TestCase("report runs/tiny runs/tiny", "override 'runs/tiny': ")]
    [TestCase("runs runs/tiny again", "runs is given 'again', which is one word too many.\n")]
    [TestCase("robustness runs/tiny", "robustness needs at least one run and a plan: opticalqat robustness runs/NAME configs/robustness/mnist.yaml\n")]
    [TestCase("robustness runs/tiny empty", "empty: this is a folder, and a plan is wanted; the last path is that of the plan, a YAML file such as configs/robustness/mnist.yaml.\n")]
    [TestCase("robustness runs/tiny tiny.yaml", "tiny.yaml: this is the configuration of an experiment, and a plan is wanted; the last path is that of the plan, a YAML file such as configs/robustness/mnist.yaml.\n")]
    [TestCase("evaluate runs/tiny/20260101-000000-abcd/config.yaml", "runs/tiny/20260101-000000-abcd/config.yaml: this is a file of a run, and no model; give the run: runs/tiny/20260101-000000-abcd\n")]
    [TestCase("train --resume", "--resume needs a configuration, whose newest unfinished run it resumes, or a run directory.\n")]
    public void Values_and_words_that_do_not_fit(string line, string expected) =>
        Assert.That(Say(2, line.Split(' ')).Split('\n').Where(said => !said.Contains("means its newest run", StringComparison.Ordinal)).Aggregate((all, said) => all + "\n" + said), Does.StartWith(expected));

    [TestCase("train --resume runs/tiny seed=3 optics.grid.padding=4")]
    [TestCase("train seed=3 optics.grid.padding=4 --resume runs/tiny")]
    public void Whoever_resumes_with_changes_is_told_that_a_run_keeps_its_configuration(string line)
    {
        var run = Path.Combine("runs", "tiny", "20260101-000000-abcd");
        Assert.That(Say(2, line.Split(' ')), Is.EqualTo(
            $"runs/tiny means its newest run, {run}\n"
            + "A run that is resumed keeps its configuration, so seed=3 optics.grid.padding=4 cannot be changed. "
            + $"Resume it as it is: opticalqat train --resume {run}\nor start a new run of its configuration: opticalqat train {Path.Combine(run, "config.yaml")} seed=3 optics.grid.padding=4\n"));
    }

    [Test]
    public void Resume_in_front_of_the_changes_takes_the_first_of_them_for_its_run() =>
        Assert.That(Say(2, "train", "tiny.yaml", "--resume", "seed=2"), Is.EqualTo(
            "A run that is resumed keeps its configuration, so seed=2 cannot be changed. Write --resume behind everything else, or without it start a new run: opticalqat train tiny.yaml seed=2\n"));

    /// <summary>The text on stderr; on stdout there is nothing.</summary>
    private string Say(int exitCode, params string[] words)
    {
        var result = InProcess.Run(_tiny.Folder, words);
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((exitCode, string.Empty)), result.Errors);
        return result.Errors;
    }
}
