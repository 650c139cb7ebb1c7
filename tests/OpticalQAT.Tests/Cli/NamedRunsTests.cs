using NUnit.Framework;
using OpticalQAT.Quantization;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Support;

namespace OpticalQAT.Tests.Cli;

/// <summary>Verbs on runs that are trained once: <c>runs/NAME</c> means the newest in every one that takes a run; and rounding by every description of levels.</summary>
public sealed class NamedRunsTests
{
    private static readonly string[] Shorter =
        ["optics.grid.size=20", "task.detector.gain=50", "task.dataset={ kind: glyphs, train_count: 32, validation_count: 10, test_count: 10 }"];

    /// <summary>For each description of levels the words that a user writes, and the levels that come of it in two layers.</summary>
    private static readonly Dictionary<string, (string[] Words, int[] Levels, string File)> Tables = new(StringComparer.Ordinal)
    {
        ["cyclic"] = (["--levels", "3"], [3, 3], "model-3-levels"),
        ["inclusive"] = (["--kind", "inclusive", "--levels", "5", "levels.max=0.9 mm"], [5, 5], "model-5-levels"),
        ["list"] = (["--kind", "list", "levels.heights=[0 um, 250 um, 600 um]"], [3, 3], "model-3-levels"),
        ["measured"] = (["--kind", "measured", "levels.file=table.csv"], [4, 4], "model-4-levels"),
        ["per_layer"] = (["--kind", "per_layer", "levels.default={ kind: cyclic, count: 6 }", "levels.layers=[{ which: '2', levels: { kind: measured, file: table.csv } }]"], [6, 4], "model-4-6-levels"),
    };

    private TinyExperiment _tiny = null!;
    private string _older = null!;
    private string _newest = null!;

    private static IEnumerable<string> LevelsKinds => Kinds.Library.FamilyOf(typeof(LevelsKind)).Kinds.Select(kind => kind.Name);

    [OneTimeSetUp]
    public void Train()
    {
        _tiny = new TinyExperiment();
        File.WriteAllText(Path.Combine(_tiny.Folder, "table.csv"), "level,height_um\n0,0\n1,200\n2,500\n3,800\n");
        foreach (var seed in new[] { "seed=1", "seed=2" })
        {
            var trained = InProcess.Run(_tiny.Folder, ["train", "tiny.yaml", seed, .. Shorter]);
            Assert.That(trained.ExitCode, Is.Zero, trained.Errors);
        }
        (_older, _newest) = (_tiny.Runs[0], _tiny.Runs[1]);
    }

    [OneTimeTearDown]
    public void Remove() => _tiny.Dispose();

    [Test]
    public void Evaluate_and_report_take_the_newest_and_say_which()
    {
        var evaluated = Run("evaluate", "runs/tiny", "--json");
        var reported = Run("report", "runs/tiny/", "--json");

        Assert.That(evaluated.Json.GetProperty("model").GetString(), Is.EqualTo(Short(_newest)));
        Assert.That(evaluated.Errors, Does.StartWith($"runs/tiny means its newest run, {Short(_newest)}\n"));
        Assert.That(reported.Json.GetProperty("report").GetString(), Is.EqualTo(Path.Combine(Short(_newest), "report.html")));
    }

    [Test]
    public void Robustness_and_resume_take_the_newest()
    {
        File.WriteAllText(Path.Combine(_tiny.Folder, "plan.yaml"), "sweeps: [{ error: { kind: lateral_shift, amount: 0.1 mm }, strengths: [1], devices: 1 }]\n");

        var studied = Run("robustness", "runs/tiny", "plan.yaml", "--json");
        var resumed = Run("train", "--resume", "runs/tiny");

        Assert.That(studied.Json.GetProperty("runs")[0].GetProperty("path").GetString(), Is.EqualTo(Short(_newest)));
        Assert.That(resumed.Errors, Does.EndWith($"The run {Short(_newest)} is finished.\n"));
    }

    /// <summary>The newest of today: a configuration that is kept names the run itself, so that resuming it starts from the same.</summary>
    [Test]
    public void Training_starts_from_the_newest_and_writes_down_which()
    {
        var validated = Run(["validate", "tiny.yaml", "training.start_from=runs/tiny", "--quick", .. Shorter]);
        var here = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = _tiny.Folder;
            var experiment = Experiment.Read("tiny.yaml", ["training.start_from=runs/tiny"]).ValueOrThrow().WithStartFound();
            Assert.That(experiment.Training.StartFrom, Is.EqualTo(Short(_newest)));
        }
        finally
        {
            Environment.CurrentDirectory = here;
        }
        Assert.That(validated.Output, Does.Not.Contain("start_from"));
    }

    [TestCaseSource(nameof(LevelsKinds))]
    public void Quantize_rounds_to_every_description_of_levels(string kind)
    {
        Assert.That(Tables, Contains.Key(kind), "a new description of levels needs its words here");
        var (words, levels, name) = Tables[kind];

        var quantized = Run(["quantize", "runs/tiny", .. words, "--json", "--force"]);

        Assert.That(quantized.Json.GetProperty("levels").EnumerateArray().Select(count => count.GetInt32()), Is.EqualTo(levels));
        var file = quantized.Json.GetProperty("file").GetString()!;
        Assert.That(file, Is.EqualTo(Path.Combine(_newest, name + ".safetensors")));
        Assert.That(Run("evaluate", file, "--json").Json.GetProperty("metrics").GetRawText(), Is.EqualTo(quantized.Json.GetProperty("post_training").GetRawText()));
    }

    [TestCase("quantize: a level table is wanted: --levels N for N levels in one wave, or --kind KIND with its keys, for example --kind measured levels.file=levels.csv\n")]
    [TestCase("quantize: the levels of the kind 'list' are not given by their number, so leave --levels out; its keys are levels.heights, levels.amplitudes, levels.phases\n", "--kind", "list", "--levels", "4")]
    [TestCase("quantize: the levels of the kind 'measured' are not given by their number, so leave --levels out; its keys are levels.file, levels.column, levels.unit\n", "--kind", "measured", "--levels", "4")]
    [TestCase("--kind list: the key 'quantizer.levels.heights' is missing; it must be a list (list of length)\n", "--kind", "list")]
    [TestCase("--kind lits: there is no levels 'lits'; the kinds of levels are 'cyclic', 'inclusive', 'list', 'measured', 'per_layer'; did you mean 'list'?\n", "--kind", "lits", "--levels", "4")]
    [TestCase("--levels 100000: 'quantizer.levels.count' must be at most 65536, but is 100000\n", "--levels", "100000")]
    [TestCase("override 'quantizer.levels={ kind: cyclic, count: 3 }': the override gives the whole table, so leave --kind and --levels out; or give single keys, for example levels.max=1 mm\n", "--levels", "4", "levels={ kind: cyclic, count: 3 }")]
    [TestCase("override 'seed=3': 'seed' belongs to the model that is rounded; only task.dataset, device and what lies below can be overridden here\n", "--levels", "4", "seed=3")]
    public void Quantize_says_what_a_table_lacks(string expected, params string[] words)
    {
        var result = InProcess.Run(_tiny.Folder, ["quantize", Short(_newest), .. words, "--out", "never.safetensors"]);

        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((2, expected)));
        Assert.That(File.Exists(Path.Combine(_tiny.Folder, "never.safetensors")), Is.False);
    }

    [Test]
    public void Quantize_says_that_levels_of_layers_do_not_fit_the_model()
    {
        var result = InProcess.Run(_tiny.Folder, "quantize", Short(_newest), "--kind", "per_layer", "levels.layers=[{ which: '1-4', levels: { kind: cyclic, count: 2 } }]", "--out", "never.safetensors");

        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((2, $"{Short(_newest)}: 'quantizer.levels': '1-4' names a layer that there is not: the 2 layers are 1 to 2 in layer order\n")));
    }

    [Test]
    public void Runs_lists_them_the_newest_first_with_their_scores()
    {
        var listed = Run("runs", "--json").Json.EnumerateArray().ToArray();
        var table = Run("runs").Output;

        Assert.That(listed.Select(run => run.GetProperty("path").GetString()), Is.EqualTo((string[])[Short(_newest), Short(_older)]));
        var first = listed[0];
        var summary = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(_newest, "summary.json"))).RootElement;
        Assert.That((first.GetProperty("state").GetString(), first.GetProperty("name").GetString(), first.GetProperty("metric").GetString()), Is.EqualTo(("finished", "tiny", "accuracy")));
        Assert.That(first.GetProperty("score").GetDouble(), Is.EqualTo(summary.GetProperty("test").GetProperty("accuracy").GetDouble()));
        Assert.That(first.GetProperty("seconds").GetDouble(), Is.EqualTo(summary.GetProperty("seconds").GetDouble()));
        Assert.That(table, Does.Contain($"tiny/{Path.GetFileName(_newest)}").And.Contain("finished").And.Contain("accuracy 0."));
    }

    private CommandResult Run(params string[] words)
    {
        var result = InProcess.Run(_tiny.Folder, words);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        return result;
    }

    private string Short(string run) => Path.GetRelativePath(_tiny.Folder, run);
}
