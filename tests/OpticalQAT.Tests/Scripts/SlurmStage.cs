using System.Diagnostics;
using System.Runtime.CompilerServices;
using OpticalQAT.Tests.Runtime;

namespace OpticalQAT.Tests.Scripts;

/// <summary>Runs a batch script as Slurm's job 4711, between an actor for the program and one for <c>scontrol</c>.</summary>
internal sealed class SlurmStage : IDisposable
{
    // The program has the batch script signalled, as Slurm would do it, and needs a while to save.
    private const string Program = """
        #!/usr/bin/env bash
        echo "opticalqat $*" >> "$CALLS"
        $LISTENS && trap 'trap "" USR1 TERM; sleep 0.5; echo saved >> "$CALLS"; exit 143' USR1 TERM
        (for signal in $SIGNALS; do kill -s "$signal" $PPID; sleep 0.1; done) &
        [[ -z $SIGNALS ]] && exit $EXIT_CODE
        for i in {1..200}; do sleep 0.05; done
        exit 99
        """;

    private const string Scontrol = """
        #!/usr/bin/env bash
        echo "scontrol $*" >> "$CALLS"
        """;

    private readonly TemporaryFolder _folder = new();

    public SlurmStage()
    {
        WriteProgram("opticalqat", Program);
        WriteProgram("scontrol", Scontrol);
    }

    /// <summary>The folder of all runs.</summary>
    public string Runs => _folder.File("runs");

    /// <summary>The calls and deeds, in this order.</summary>
    public string[] Calls => File.ReadAllLines(_folder.File("calls"));

    /// <summary>Makes a run directory that an earlier start left.</summary>
    public string AddRun(string job, string run)
    {
        var path = Path.Combine(Runs, job, run);
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, "config.yaml"), "name: a\n");
        return path;
    }

    /// <summary>Runs a batch script to its end.</summary>
    /// <param name="script">Its name.</param>
    /// <param name="words">Its arguments.</param>
    /// <param name="signals">What Slurm sends to it, once the program runs.</param>
    /// <param name="exitCode">The program's, where there are no signals.</param>
    /// <param name="listens">Whether the program handles signals.</param>
    /// <param name="restarts">How often the job was started before.</param>
    /// <param name="task">The index in an array; null is a plain job.</param>
    /// <returns>Its exit code.</returns>
    public int Start(string script, string[] words, string signals = "", int exitCode = 0, bool listens = true, int restarts = 0, int? task = null)
    {
        var root = RepositoryRoot();
        var start = new ProcessStartInfo("bash", [Path.Combine(root, "scripts/slurm", script), .. words])
        {
            WorkingDirectory = root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        var environment = start.Environment;
        foreach (var name in environment.Keys.Where(name => name.StartsWith("SLURM_", StringComparison.Ordinal) || name.StartsWith("OPTICALQAT", StringComparison.Ordinal)).ToArray())
            environment.Remove(name);
        environment["PATH"] = $"{_folder.Path}:{environment["PATH"]}";
        environment["OPTICALQAT"] = _folder.File("opticalqat");
        environment["OPTICALQAT_RUNS"] = Runs;
        (environment["CALLS"], environment["SIGNALS"], environment["EXIT_CODE"]) = (_folder.File("calls"), signals, $"{exitCode}");
        environment["LISTENS"] = listens ? "true" : "false";
        // One task of an array has the array's id as its job id; the others have ids of their own.
        environment["SLURM_JOB_ID"] = "4711";
        if (task is { } index)
            (environment["SLURM_ARRAY_JOB_ID"], environment["SLURM_ARRAY_TASK_ID"]) = ("4711", $"{index}");
        if (restarts > 0)
            environment["SLURM_RESTART_COUNT"] = $"{restarts}";

        using var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    public void Dispose() => _folder.Dispose();

    private static string RepositoryRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../../.."));

    private void WriteProgram(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder.File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
