using System.Text.Json;
using OpticalQAT.Formats;
using OpticalQAT.Studies.Comparison;
using OpticalQAT.Studies.Robustness;

namespace OpticalQAT.Cli;

/// <summary>A comparison that the command line names.</summary>
internal static class ComparisonFile
{
    /// <summary>Reads it and everything that it names.</summary>
    /// <exception cref="UsageException">There is no such file.</exception>
    /// <exception cref="Configuration.ConfigurationException">It does not describe a comparison.</exception>
    public static ComparisonPlan Read(string path, IReadOnlyList<string> overrides)
    {
        ExperimentFile.Expect(path, "comparison");
        if (RobustnessPlan.Recognises(path))
            throw new UsageException($"{path}: this is a plan of robustness, and a comparison is wanted; it is run by: opticalqat robustness RUN {path}");
        if (!ComparisonPlan.Recognises(path) && Configuration.ConfigurationReader.ReadFile<Experiment>(path, []).Value is not null)
            throw new UsageException($"{path}: this is the configuration of an experiment, and a comparison is wanted, which names one as its base; an experiment is run by: opticalqat train {path}");
        var result = ComparisonPlan.Read(path, overrides);
        foreach (var notice in result.Notices)
            Screen.Note($"note: {notice}");
        return result.ValueOrThrow();
    }

    /// <summary>Says what can be said of a comparison without training anything.</summary>
    /// <returns>The exit code.</returns>
    public static int Validate(string path, IReadOnlyList<string> overrides, bool json, bool isQuick, CancellationToken cancellation)
    {
        var validation = ComparisonValidation.Of(Read(path, overrides), isQuick, cancellation);
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(validation, Json.Document));
            return validation.IsValid ? ExitCode.Done : ExitCode.Usage;
        }
        Paragraph.PrintRow("comparison", $"{validation.Name}: {(validation.IsValid ? "can run" : "cannot run")}");
        foreach (var finding in validation.Findings)
            Paragraph.PrintRow(finding.IsError ? "error" : "warning", $"{finding.Key}: {finding.Message}");
        foreach (var row in validation.Rows)
            Paragraph.PrintRow("row", row);
        Paragraph.PrintRow("cells", $"{validation.Cells}, of which {validation.Finished} are finished");
        if (validation.Seconds is { } seconds)
            Paragraph.PrintRow("time", $"about {ValidateVerb.Duration(seconds)} for those that are not, measured just now");
        return validation.IsValid ? ExitCode.Done : ExitCode.Usage;
    }

    /// <summary>Refuses a comparison of experiments that cannot run, with everything that an examination finds.</summary>
    /// <returns>The warnings, a line for each.</returns>
    /// <exception cref="UsageException">The examination found errors; the message has a line for each finding.</exception>
    public static IReadOnlyList<string> Examine(ComparisonPlan plan) =>
        ExperimentFile.Examine(plan.Examine(), plan.Settings.Select(setting => setting.Experiment));
}
