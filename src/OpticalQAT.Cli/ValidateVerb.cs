using System.CommandLine;
using System.Text.Json;
using OpticalQAT.Checks;
using OpticalQAT.Formats;
using OpticalQAT.Runs;
using OpticalQAT.Studies.Comparison;
using OpticalQAT.Studies.Robustness;

namespace OpticalQAT.Cli;

/// <summary><c>validate</c>: everything that can be said without training.</summary>
internal static class ValidateVerb
{
    private const int ShownLevels = 16;

    public static Command Command()
    {
        var path = new Argument<string>("CONFIG") { Description = "The experiment or comparison, a YAML file." };
        var overrides = CommandLine.Overrides("Values in place of the file's, with dotted paths: optics.grid.padding=4");
        var quick = new Option<bool>("--quick") { Description = "Measure nothing and read no examples: what follows from the files' headers and the formulas, at once." };
        var json = CommandLine.Json();
        var command = new Verb("validate", "Say everything about an experiment that can be said without training it.",
            """
            Errors of the file, all at once; sampling limits and thin masks; the level table; the model to start from;
            memory, from formulas, against what there is; time, from a few steps measured on this machine. Exit code 2
            when the experiment cannot run; a missing dataset is a warning. With --quick examples are counted by the
            headers of their files, none is read, and no steps are measured.

            Examples:
              opticalqat validate configs/quickstart.yaml optics.grid.size=128
              opticalqat validate configs/quickstart.yaml --quick
            """)
        { path, overrides, quick, json, NamedAssemblies.Option };
        command.SetAction(parsed => Interruption.Guard(interruption =>
        {
            if (ComparisonPlan.Recognises(parsed.GetRequiredValue(path)))
                return ComparisonFile.Validate(parsed.GetRequiredValue(path), parsed.GetValue(overrides) ?? [], parsed.GetValue(json), parsed.GetValue(quick), interruption.Token);
            if (RobustnessPlan.Recognises(parsed.GetRequiredValue(path)))
                return RobustnessVerb.Validate(parsed.GetRequiredValue(path), parsed.GetValue(json));
            var experiment = ExperimentFile.Read(parsed.GetRequiredValue(path), parsed.GetValue(overrides) ?? []);
            var validation = Validation.Of(experiment, parsed.GetValue(quick), interruption.Token);
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
        foreach (var check in validation.Propagation)
            Paragraph.PrintRow("propagation", $"{check.Distance} ({check.Wavelengths:0.#} wavelengths of {check.Wavelength}) by {check.Propagator}: {(check.IsSampled ? "sampled without loss" : "not fully sampled, see the warning")}{(check.Reason is { } reason ? $"; {reason}" : string.Empty)}");
        if (validation.Examples is { } examples)
            Paragraph.PrintRow("examples", $"{examples.Train} to train, {examples.Validation} to choose by, {examples.Test} to test");
        if (validation.Memory is { } memory)
            Print(memory, validation.Examples is not null);
        if (validation.Estimate is { } estimate)
            Print(estimate);
    }

    private static string Listed(double[] levels) =>
        $"{levels.Length}: {string.Join(", ", levels.Take(ShownLevels))}{(levels.Length > ShownLevels ? ", …" : string.Empty)} µm";

    private static void Print(MemoryEstimate memory, bool areCounted) => Paragraph.PrintRow("memory",
        $"about {MemoryEstimate.Text(memory.Total)} of {MemoryEstimate.Text(memory.Available)}: {MemoryEstimate.Text(memory.Work)} to work in, {MemoryEstimate.Text(memory.Model)} for masks and transfer functions, "
        + $"{(areCounted ? $"{MemoryEstimate.Text(memory.Fields)} for the examples as fields" : "beside the examples")}, {MemoryEstimate.Text(MemoryEstimate.Program)} for the program");

    private static void Print(TrainingEstimate estimate)
    {
        var rate = $"{estimate.ImagesPerSecond:0} images a second in batches of {estimate.BatchSize} on {estimate.Device}, measured just now"
            + (estimate.IsBusy ? $", while other programs left it {100 * estimate.ProcessorShare:0} % of a core: with the processor to itself, on one core" : string.Empty);
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
