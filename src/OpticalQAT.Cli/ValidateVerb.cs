using System.CommandLine;
using System.Text.Json;
using OpticalQAT.Analysis.Robustness;
using OpticalQAT.Training;

namespace OpticalQAT.Cli;

/// <summary><c>validate</c>: everything that can be said without training.</summary>
internal static class ValidateVerb
{
    private const double Mebi = 1L << 20;
    private const int ShownLevels = 16;

    public static Command Command()
    {
        var path = new Argument<string>("CONFIG") { Description = "The experiment or comparison, a YAML file." };
        var overrides = CommandLine.Overrides("Values in place of the file's, with dotted paths: optics.grid.padding=4");
        var json = CommandLine.Json();
        var command = new Verb("validate", "Say everything about an experiment that can be said without training it.",
            """
            Errors of the file, all at once; sampling limits and thin masks; the level table; memory and time, from a
            few steps measured on this machine. Exit code 2 when the experiment cannot run; a missing dataset is a
            warning.

            Example:
              opticalqat validate configs/quickstart.yaml optics.grid.size=128
            """)
        { path, overrides, json };
        command.SetAction(parsed => Interruption.Guard(interruption =>
        {
            if (ComparisonPlan.Recognises(parsed.GetRequiredValue(path)))
                return ComparisonFile.Validate(parsed.GetRequiredValue(path), parsed.GetValue(overrides) ?? [], parsed.GetValue(json), interruption.Token);
            if (RobustnessPlan.Recognises(parsed.GetRequiredValue(path)))
                return RobustnessVerb.Validate(parsed.GetRequiredValue(path), parsed.GetValue(json));
            var experiment = ExperimentFile.Read(parsed.GetRequiredValue(path), parsed.GetValue(overrides) ?? []);
            var validation = Validation.Of(experiment, interruption.Token);
            if (parsed.GetValue(json))
                Console.Out.WriteLine(JsonSerializer.Serialize(validation, Json.Document));
            else
                Print(validation);
            return validation.IsValid ? ExitCode.Done : ExitCode.Usage;
        }));
        return command;
    }

    private static void Print(Validation validation)
    {
        Paragraph.PrintRow("experiment", $"{validation.Name}: {(validation.IsValid ? "can run" : "cannot run")}");
        foreach (var finding in validation.Findings)
            Paragraph.PrintRow(finding.IsError ? "error" : "warning", $"{finding.Key}: {finding.Message}");
        foreach (var size in validation.Sizes)
            Paragraph.PrintRow(size.What, $"{size.Samples} samples, {size.Length} wide{(size.Remark.Length > 0 ? ": " : string.Empty)}{size.Remark}");
        if (validation.OneWaveUm is { } wave)
            Paragraph.PrintRow("one wave", $"{wave} µm of height");
        if (validation.LevelsUm is { } levels)
            Paragraph.PrintRow("levels", Listed(levels));
        foreach (var (ofLayer, layer) in (validation.LevelsUmOfLayers ?? []).Select((ofLayer, layer) => (ofLayer, layer)))
            Paragraph.PrintRow($"layer {layer}", Listed(ofLayer));
        foreach (var way in validation.Propagation)
            Paragraph.PrintRow("propagation", $"{way.Distance} ({way.Wavelengths:0.#} wavelengths of {way.Wavelength}) by {way.Propagator}: {(way.IsSampled ? "sampled without loss" : "not fully sampled, see the warning")}{(way.Reason is { } reason ? $"; {reason}" : string.Empty)}");
        if (validation.Examples is { } examples)
            Paragraph.PrintRow("examples", $"{examples.Train} to train, {examples.Validation} to choose by, {examples.Test} to test");
        if (validation.Estimate is { } estimate)
            Print(estimate);
    }

    private static string Listed(double[] levels) =>
        $"{levels.Length}: {string.Join(", ", levels.Take(ShownLevels))}{(levels.Length > ShownLevels ? ", …" : string.Empty)} µm";

    private static void Print(TrainingEstimate estimate)
    {
        var fields = estimate.FieldBytes is { } bytes ? $"{bytes / Mebi:0} MiB for the examples as fields, " : string.Empty;
        Paragraph.PrintRow("memory", $"{fields}up to {estimate.WorkBytes / Mebi:0} MiB to work in, beside about 400 MiB for the program");
        var rate = $"{estimate.ImagesPerSecond:0} images a second on {estimate.Device}, measured just now";
        Paragraph.PrintRow("time", estimate is { Steps: { } steps, Seconds: { } seconds }
            ? $"about {Duration(seconds)} for {steps} steps at {rate}"
            : $"{rate}; for how long it takes the dataset is needed");
    }

    /// <summary>A time in words.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 120 => $"{Math.Ceiling(seconds):0} s",
        < 7200 => $"{seconds / 60:0} min",
        _ => $"{seconds / 3600:0.0} h",
    };
}
