using NUnit.Framework;
using OpticalQAT.Tests.Studies.Comparison;
using OpticalQAT.Tests.Trust;

namespace OpticalQAT.Tests.Cli;

/// <summary>
/// A verb outlives its streams: what it says on stderr is dropped where it cannot be written, and its work is done as
/// ever; a result that cannot be written to stdout is exit code 1, one sentence, and what is kept elsewhere is whole.
/// </summary>
[Platform(Exclude = "Win", Reason = "Streams are broken by a shell.")]
public sealed class BrokenStreamsTests
{
    private const string Unwritable = "The result cannot be written to stdout: ";

    /// <summary>The program with one of its streams, whose number stands for {0}, in a state.</summary>
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["closed"] = "exec \"$@\" {0}>&-",
        ["full"] = "exec \"$@\" {0}>/dev/full",
        ["unread"] = "mkfifo pipe.$$; exec 8<>pipe.$$ 9>pipe.$$ 8<&-; rm pipe.$$; exec \"$@\" {0}>&9 9>&-",
        ["read to its first line"] = "exec \"$@\" {0}> >(head -n 1 > /dev/null)",
        ["closed with all others"] = "exec \"$@\" <&- 1>&- 2>&-",
    };

    /// <summary>Each verb with its words, what it leaves behind, and what it says is kept where its result cannot be written.</summary>
    private static readonly Dictionary<string, Asked> Verbs = new Asked[]
    {
        new("train base.yaml", "runs/small/*/summary.json", "The run is finished and whole, in runs/small/*; its scores are in summary.json there."),
        new("train base.yaml --json", "runs/small/*/summary.json", "The run is finished and whole, in runs/small/*; its scores are in summary.json there."),
        new("evaluate m.safetensors", null, "An evaluation is kept nowhere else; the same command makes it again."),
        new("quantize m.safetensors --levels 2", "m-2-levels.safetensors", "The rounded model is whole, in m-2-levels.safetensors; evaluate gives its score again."),
        new("compare compare.yaml seeds=[1]", "runs/small-compare/comparison.json", "The comparison is finished and whole, in runs/small-compare; its table is in comparison.html, .csv and .json there."),
        new("robustness m.safetensors plan.yaml --json", "robustness/plan/robustness.json", "The study is finished and whole, in robustness/plan; its numbers are in robustness.html, .csv and .json there."),
        new("report RUN", "RUN/report.html", "The report is whole, in RUN/report.html."),
        new("validate base.yaml", null, null),
        new("kinds", null, null),
        new("schema", null, null),
        new("doctor", null, null),
        new("train --help", null, null),
    }.ToDictionary(asked => asked.Words, StringComparer.Ordinal);

    private static readonly string[] ErrorStates = ["closed", "full", "unread", "read to its first line"];
    private static readonly string[] Written = ["runs", "robustness"];
    private static readonly string[] OutputStates = ["closed", "full", "unread"];

    private SmallComparison _small = null!;
    private SmallRun _run = null!;

    [OneTimeSetUp]
    public void Prepare()
    {
        _small = new SmallComparison("""
            name: small
            base: base.yaml
            seeds: [1]
            methods: [{ quantizer: { kind: straight_through } }]
            levels: [{ table: { kind: cyclic, count: 4 } }]
            """);
        File.WriteAllBytes(Path.Combine(_small.Folder, "m.safetensors"), SmallModel.Bytes("quantizer={ kind: none }"));
        File.WriteAllText(Path.Combine(_small.Folder, "plan.yaml"), "sweeps: [{ error: { kind: height_error, amount: 50 um }, strengths: [1], devices: 2 }]\n");
        _run = new SmallRun(_small.Folder, []);
        _run.Sit();
    }

    [OneTimeTearDown]
    public void Remove()
    {
        _run.Dispose();
        _small.Dispose();
    }

    /// <summary>Training in every state; of the others each in one, so that every state is met by several verbs.</summary>
    private static IEnumerable<TestCaseData> Cases(IEnumerable<string> verbs, string[] states) => verbs.Index().SelectMany(verb =>
        (verb.Item is "train base.yaml" ? states : [states[verb.Index % states.Length]]).Select(state => new TestCaseData(verb.Item, state).SetArgDisplayNames(verb.Item, state)));

    // The others say nothing on stderr.
    private static IEnumerable<TestCaseData> OfErrors() => Cases(Verbs.Values.Where(asked => asked.Kept is not null).Select(asked => asked.Words), ErrorStates);

    private static IEnumerable<TestCaseData> OfOutput() => Cases(Verbs.Keys, OutputStates);

    [TestCaseSource(nameof(OfErrors))]
    public void What_cannot_be_said_on_stderr_is_dropped(string verb, string state)
    {
        var result = Run(verb, string.Format(null, Scripts[state], 2));
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Output, Is.Not.Empty);
        Assert.That(result.Output, Does.Not.Contain("   at "));
        AssertLeftBehind(Verbs[verb].File);
    }

    [TestCaseSource(nameof(OfOutput))]
    public void A_result_that_cannot_be_written_is_said(string verb, string state)
    {
        var result = Run(verb, string.Format(null, Scripts[state], 1));
        Assert.That(result.ExitCode, Is.EqualTo(1), result.Errors);
        var reason = state switch { "closed" => "it is closed.", "full" => "No space left on device.", _ => "Broken pipe." };
        var said = result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault(string.Empty);
        if (Verbs[verb].Kept is { } kept)
            Assert.That(said, Does.Match("^" + System.Text.RegularExpressions.Regex.Escape($"{Unwritable}{reason} {kept.Replace("RUN", RunFolder, StringComparison.Ordinal)}").Replace(@"\*", "[^/]+", StringComparison.Ordinal) + "$"));
        else if (state is "unread")
            Assert.That(result.Errors, Does.Not.Contain(Unwritable), "whoever closed the pipe knows it");
        else
            Assert.That(said, Is.EqualTo(Unwritable + reason));
        Assert.That(result.Errors, Does.Not.Contain("   at "));
        AssertLeftBehind(Verbs[verb].File);
    }

    [Test]
    public void A_run_without_any_stream_is_whole()
    {
        var result = Run("train base.yaml", "ulimit -n 128; " + Scripts["closed with all others"]); // so many files are enough
        Assert.That(result, Is.EqualTo(new CommandResult(1, string.Empty, string.Empty)));
        AssertLeftBehind("runs/small/*/summary.json");
        AssertLeftBehind("runs/small/*/report.html");
    }

    /// <summary>The bar is drawn from a thread of its own, whose failures would end the process.</summary>
    [Test]
    public void A_terminal_that_goes_away_under_the_bar_takes_nothing_with_it()
    {
        const string Verb = "train base.yaml";
        const string Terminal = """
            import os, pty, subprocess, sys
            ours, theirs = pty.openpty()
            program = subprocess.Popen(sys.argv[1:], stderr=theirs, stdout=subprocess.PIPE)
            os.close(theirs)
            os.read(ours, 1)
            os.close(ours)
            sys.stdout.buffer.write(program.communicate()[0])
            sys.exit(program.returncode)
            """;
        if (!Support.Shell.Succeeds("python3", "-c", "import pty"))
            Assert.Ignore("There is no python3 here, which makes the terminal.");
        File.WriteAllText(Path.Combine(_small.Folder, "terminal.py"), Terminal);
        var result = Run(Verb, "unset NO_COLOR; TERM=xterm exec python3 terminal.py \"$@\"");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Output, Is.Not.Empty);
        AssertLeftBehind(Verbs[Verb].File);
    }

    [Test]
    public void Too_few_files_are_said_before_anything_is_begun()
    {
        var result = Run("train base.yaml", "ulimit -n 64; exec \"$@\"");
        Assert.That(result, Is.EqualTo(new CommandResult(
            1, string.Empty, "Only 64 files may be open at once here, and the program needs 128. Raise the limit in the shell that starts it: ulimit -n 1024\n")));
    }

    private string RunFolder => Path.GetRelativePath(_small.Folder, _run.Directory.Path);

    /// <summary>Runs a verb from a script, where nothing of an earlier one is left.</summary>
    private CommandResult Run(string verb, string script)
    {
        foreach (var folder in Written.Select(name => Path.Combine(_small.Folder, name)).Where(Directory.Exists))
            Directory.Delete(folder, recursive: true);
        File.Delete(Path.Combine(_small.Folder, "m-2-levels.safetensors"));
        File.Delete(_run.Directory.ReportFile);
        return CommandResult.InShell(_small.Folder, script, verb.Replace("RUN", RunFolder, StringComparison.Ordinal).Split(' '));
    }

    private void AssertLeftBehind(string? pattern)
    {
        if (pattern is null)
            return;
        var parts = pattern.Replace("RUN", RunFolder, StringComparison.Ordinal).Split("/*/");
        var folder = Path.Combine(_small.Folder, parts[0]);
        var file = parts.Length == 1 ? folder : Path.Combine(Directory.GetDirectories(folder).Single(), parts[1]);
        Assert.That(file, Does.Exist);
    }

    /// <summary>A verb with its words.</summary>
    private sealed record Asked(string Words, string? File, string? Kept);
}
