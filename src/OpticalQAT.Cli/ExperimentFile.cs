using OpticalQAT.Configuration;
using OpticalQAT.Runs;
using OpticalQAT.Studies.Comparison;
using OpticalQAT.Studies.Robustness;

namespace OpticalQAT.Cli;

/// <summary>A configuration that the command line names.</summary>
internal static class ExperimentFile
{
    /// <summary>Reads it; what the reader did unasked is noted on stderr.</summary>
    /// <exception cref="UsageException">There is no such file.</exception>
    /// <exception cref="ConfigurationException">It does not describe an experiment.</exception>
    public static Experiment Read(string path, IReadOnlyList<string> overrides)
    {
        Expect(path, "configuration");
        return Read(path, overrides, [.. NamedAssemblies.Paths.Concat(KindAssemblies.LoadNamedIn(path, overrides)).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Reads that of a run. The assemblies that it names are not loaded: the folder may be somebody else's.</summary>
    /// <inheritdoc cref="Read(string, IReadOnlyList{string})"/>
    public static Experiment ReadOfRun(RunDirectory run) => Read(run.ConfigurationFile, [], assemblies: null);

    private static Experiment Read(string path, IReadOnlyList<string> overrides, string[]? assemblies)
    {
        Expect(path, "configuration");
        if (ComparisonPlan.Recognises(path))
            throw new UsageException($"{path}: this is a comparison, and the configuration of an experiment is wanted; a comparison is run by: opticalqat compare {path}");
        if (RobustnessPlan.Recognises(path))
            throw new UsageException($"{path}: this is a plan of robustness, and the configuration of an experiment is wanted; it is run by: opticalqat robustness RUN {path}");
        var result = Experiment.Read(path, overrides);
        foreach (var notice in result.Notices)
            Screen.Note($"note: {notice}");
        var experiment = result.ValueOrThrow().WithStartFound();
        // The run's own configuration says which were loaded for it, wherever it lies.
        return assemblies is null ? experiment : experiment with { Assemblies = assemblies };
    }

    /// <summary>Refuses a path that names no file.</summary>
    /// <param name="path">The path that was written where a file is wanted.</param>
    /// <param name="wanted">The kind of file that it should be, as a noun.</param>
    /// <exception cref="UsageException">It names none; says what it names, and what would be right.</exception>
    public static void Expect(string path, string wanted)
    {
        if (Directory.Exists(path))
        {
            var run = RunDirectory.Open(RunDirectory.Resolve(path));
            throw new UsageException($"{path}: this is a folder, and a {wanted} is wanted: a YAML file such as configs/{(wanted is "comparison" ? "compare/" : string.Empty)}quickstart.yaml."
                + (run is null ? string.Empty : $" It holds a run, whose configuration is {Screen.PathFromHere(run.ConfigurationFile)}; an interrupted run goes on with --resume."));
        }
        if (!File.Exists(path))
        {
            throw new UsageException(IsOverride(path)
                ? $"'{path}' changes a key of a {wanted}, and stands where its file is wanted: the file comes first, then key=value."
                : $"{path}: there is no such {wanted} file (looked for {Path.GetFullPath(path)}){NearestBeside(path)}{ExampleFiles.HintFor(path)}");
        }
        if (Path.GetExtension(path) is ".safetensors")
            throw new UsageException($"{path}: this is a model, and a {wanted} is wanted, a YAML file; training starts from a model with training.start_from={path}.");
    }

    /// <summary>Whether a word is a <c>key=value</c>. A path may hold '=' as well; an override's key is dotted words.</summary>
    public static bool IsOverride(string word) =>
        word.Split('=') is [var key, _, ..] && key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_') && !File.Exists(word) && !Directory.Exists(word);

    /// <summary>Refuses an experiment that cannot run, with everything that an examination finds; and one that this machine has no memory for.</summary>
    /// <returns>The warnings, a line for each.</returns>
    /// <exception cref="UsageException">The examination found errors; the message has a line for each finding.</exception>
    public static IReadOnlyList<string> Examine(Experiment experiment) => Examine(experiment.Examine(), [experiment]);

    /// <summary>The same for what an examination found of several experiments.</summary>
    public static IReadOnlyList<string> Examine(IReadOnlyList<Finding> found, IEnumerable<Experiment> experiments)
    {
        Finding[] findings = found.Any(finding => finding.IsError)
            ? [.. found]
            : [.. found, .. experiments.Select(experiment => MemoryEstimate.Of(experiment, null)?.Misfit(experiment, null)).OfType<Finding>().Distinct()];
        string[] lines = [.. findings.OrderByDescending(f => f.IsError).Select(f => $"{(f.IsError ? "error" : "warning")}: {f.Key}: {f.Message}")];
        return findings.Any(f => f.IsError) ? throw new UsageException(string.Join('\n', lines)) : lines;
    }

    private static string NearestBeside(string path)
    {
        var parent = Path.GetDirectoryName(Path.GetFullPath(path));
        var guess = Directory.Exists(parent) ? Spelling.Nearest(Path.GetFileName(path), Directory.EnumerateFiles(parent, "*.y*ml").Select(Path.GetFileName).OfType<string>()) : null;
        return guess is null ? "." : $"; did you mean {Screen.PathFromHere(Path.Combine(parent!, guess))}?";
    }
}
