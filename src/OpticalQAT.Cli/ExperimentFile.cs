using OpticalQAT.Configuration;

namespace OpticalQAT.Cli;

/// <summary>A configuration that the command line names.</summary>
internal static class ExperimentFile
{
    /// <summary>Reads it; what the reader did unasked is noted on stderr.</summary>
    /// <exception cref="UsageException">There is no such file.</exception>
    /// <exception cref="ConfigurationException">It does not describe an experiment.</exception>
    public static Experiment Read(string path, IReadOnlyList<string> overrides)
    {
        if (Directory.Exists(path))
            throw new UsageException($"{path}: this is a folder, and a configuration is wanted: a YAML file such as configs/quickstart.yaml.");
        if (!File.Exists(path))
            throw new UsageException($"{path}: there is no such configuration file (looked for {Path.GetFullPath(path)}).{ExampleFiles.HintFor(path)}");
        var result = Experiment.Read(path, overrides);
        foreach (var notice in result.Notices)
            Screen.Note($"note: {notice}");
        return result.ValueOrThrow();
    }

    /// <summary>Refuses an experiment that cannot run, with everything that an examination finds.</summary>
    /// <returns>The warnings, a line for each.</returns>
    /// <exception cref="UsageException">The examination found errors; the message has a line for each finding.</exception>
    public static IReadOnlyList<string> Examine(Experiment experiment)
    {
        var findings = experiment.Examine();
        string[] lines = [.. findings.OrderByDescending(f => f.IsError).Select(f => $"{(f.IsError ? "error" : "warning")}: {f.Key}: {f.Message}")];
        return findings.Any(f => f.IsError) ? throw new UsageException(string.Join('\n', lines)) : lines;
    }
}
