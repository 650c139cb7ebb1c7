using System.Globalization;
using System.Text.Json;
using OpticalQAT.Benchmarks.Comparison;
using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Formats;
using OpticalQAT.Quantization;
using OpticalQAT.Training;
using TorchSharp;

namespace OpticalQAT.Benchmarks.Steps;

/// <summary>A training step of one variant.</summary>
/// <param name="Variant">What was trained.</param>
/// <param name="CpuMilliseconds">The median of its steps, processor time.</param>
/// <param name="ToPropagation">Over the median of the bare propagation, forward and backward.</param>
/// <param name="ToFullPrecision">Over the median of a full-precision step.</param>
/// <param name="EpochSeconds">Processor time of the steps of 60,000 examples.</param>
internal sealed record StepResult(string Variant, double CpuMilliseconds, double ToPropagation, double ToFullPrecision, double EpochSeconds);

/// <summary>
/// The cost of a whole training step (data, masks, quantizer, detector, loss, optimizer) beside the propagation that it
/// cannot do without. The steps are those of <see cref="Trainer"/>, of all variants in turn in one process.
/// </summary>
internal static class StepProgram
{
    private const int Rounds = 6;
    private const int StepsPerRound = 12;
    private const int Batch = 64;
    private const int EpochImages = 60_000;
    private const string Propagation = "propagation alone";
    private const string FullPrecision = "full precision";
    private const string OnTorch = "full precision, torch path";

    /// <summary>Fabrication errors, of which every step draws new ones.</summary>
    private static readonly string[] Errors =
    [
        "lateral_shift, amount: 0.3 mm", "height_error, amount: 40 um", "height_scale, amount: 0.02", "edge_blur, sigma: 0.2 mm", "dead_pixels, share: 0.01",
        "axial_error, amount: 1 mm", "axial_error, amount: 1 mm, gaps: [1, 2, 3, 4]", "pixel_pitch_error, amount: 0.01", "wavelength_drift, amount: 0.01",
        "input_misalignment, shift: 0.3 mm", "shot_noise, photons: 10000",
    ];

    private static string Perturbed(string error) => $"perturbed, {error}";

    /// <summary>Runs the variants whose name holds a text, and those that all are compared with.</summary>
    public static int Run(TextWriter output, string only, bool json)
    {
        torch.set_num_threads(1);
        var variants = Variants(name => name is Propagation or FullPrecision || name.Contains(only, StringComparison.Ordinal)).ToArray();
        var times = variants.ToDictionary(v => v.Name, _ => new List<double>(), StringComparer.Ordinal);
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var (name, run) in variants)
            {
                var steps = run();
                if (round > 0) // the first warms up
                    times[name].AddRange(steps.Skip(1));
            }
        }
        var propagation = Median(times[Propagation]);
        var full = Median(times[FullPrecision]);
        var results = times.Select(t => Result(t.Key, Median(t.Value))).ToArray();
        if (json)
            output.WriteLine(JsonSerializer.Serialize(results, Json.Document));
        else
            Print(output, results);
        return 0;

        StepResult Result(string variant, double seconds) =>
            new(variant, seconds * 1e3, seconds / propagation, seconds / full, seconds * EpochImages / Batch);
    }

    private static IEnumerable<(string Name, Func<IReadOnlyList<double>> Run)> Variants(Func<string, bool> isWanted)
    {
        yield return (Propagation, PropagationSteps());
        yield return (FullPrecision, TrainerSteps("{ kind: none }"));
        if (isWanted(OnTorch))
            yield return (OnTorch, TrainerSteps("{ kind: none }", fastPath: false));
        foreach (var error in Errors.Where(error => isWanted(Perturbed(error))))
            yield return (Perturbed(error), TrainerSteps("{ kind: none }", errors: error));
        foreach (var (name, run) in Parts().Where(part => isWanted(part.Name)))
            yield return (name, run);
        foreach (var (kind, keys) in Quantizers())
        {
            foreach (var levels in new[] { 2, 8, 16, 256 })
            {
                foreach (var gradient in Enum.GetNames<GradientDomain>().Select(name => name.ToLowerInvariant()))
                {
                    var name = string.Create(CultureInfo.InvariantCulture, $"{kind}, {levels} levels, by {gradient}");
                    if (isWanted(name))
                        yield return (name, TrainerSteps(string.Create(CultureInfo.InvariantCulture, $"{{ {keys}, gradient: {gradient}, levels: {{ kind: cyclic, count: {levels} }} }}")));
                }
            }
        }
    }

    /// <summary>Every kind of the catalogue, and the forms of them that cost otherwise.</summary>
    private static IEnumerable<(string Name, string Keys)> Quantizers()
    {
        const string Required = ", minimum_spacing: 1 um";
        foreach (var kind in new Catalogue(typeof(Experiment).Assembly).FamilyOf(typeof(QuantizerKind)).Kinds.Where(k => k.Type != typeof(NoQuantizer)))
            yield return (kind.Name, $"kind: {kind.Name}{(kind.Type == typeof(LearnedLevels) ? Required : "")}");
        yield return ("progressive_sigmoid learnt", "kind: progressive_sigmoid, learnt: {}");
        yield return ("soft_tanh learnt", "kind: soft_tanh, learnt: {}");
        yield return ("incremental around straight_through", "kind: incremental, inner: { kind: straight_through }");
    }

    /// <summary>The stack forward and backward alone, for fixed transmissions and a fixed gradient of the output.</summary>
    private static Func<IReadOnlyList<double>> PropagationSteps()
    {
        var experiment = Read("{ kind: none }");
        var distances = Enumerable.Repeat(24e-3, experiment.Model.LayerCount);
        var stack = experiment.Optics.BuildPropagator().FastStack(distances);
        var n = experiment.Optics.Grid.Size;
        var fields = torch.view_as_complex(torch.randn(Batch, n, n, 2));
        var masks = torch.polar(torch.ones(experiment.Model.LayerCount, n, n), torch.rand(experiment.Model.LayerCount, n, n) * 6.28f).requires_grad_();
        var gradient = torch.view_as_complex(torch.randn(Batch, n, n, 2));
        return () => [.. Enumerable.Range(0, StepsPerRound).Select(_ => StepClock.Measure(
            () =>
            {
                using var scope = torch.NewDisposeScope();
                masks.grad?.zero_();
                stack.Forward(fields, masks).backward([gradient]);
            },
            threads: 1).Cpu)];
    }

    private static Func<IReadOnlyList<double>> TrainerSteps(string quantizer, bool fastPath = true, string errors = "")
    {
        var experiment = Read(quantizer, fastPath, errors);
        var data = experiment.Task.Dataset.Load();
        var task = experiment.Task.Build(experiment.Optics);
        var levels = experiment.Levels;
        var network = experiment.Model.Build(experiment.Optics, levels, new torch.Generator(1));
        if (levels is not null)
            network = experiment.Model.BuildQuantized(experiment.Optics, levels, experiment.Quantizer, new PostTraining(network, levels).Positions(new double[experiment.Model.LayerCount]));
        var train = Source(data.Train);
        var validation = Source(data.Validation);
        return () =>
        {
            var settings = new TrainerSettings("steps", new PhaseOptions { Epochs = 1 }, Batch, Seed: 1, StepsBefore: 0, SoftForward: false) { Errors = experiment.Perturbation.Errors };
            var times = new List<double>();
            var last = 0.0;
            new Trainer(network, task, train, validation, settings).Run(
                happened =>
                {
                    var now = StepClock.CpuSeconds(threads: 1);
                    if (happened is StepDone { Step: > 1 })
                        times.Add(now - last);
                    last = now;
                },
                () => { },
                CancellationToken.None);
            return times;
        };

        ExampleFields Source(Examples split) => new(split, network, task, torch.CPU, long.MaxValue, experiment.Perturbation.ReachesInput);
    }

    private static IEnumerable<(string Name, Func<IReadOnlyList<double>> Run)> Parts()
    {
        var experiment = Read("{ kind: none }");
        var task = experiment.Task.Build(experiment.Optics);
        var network = experiment.Model.Build(experiment.Optics, null, new torch.Generator(1));
        var source = new ExampleFields(experiment.Task.Dataset.Load().Train, network, task, torch.CPU, long.MaxValue);
        var parts = new StepParts(network, task, source, Batch);
        return parts.All().Select(part => (part.Name, (Func<IReadOnlyList<double>>)(() => StepParts.Times(part.Run, StepsPerRound))));
    }

    private static Experiment Read(string quantizer, bool fastPath = true, string errors = "") => ConfigurationReader.Read<Experiment>(
        $$"""
        name: steps
        device: cpu
        optics: { wavelength: 0.75 mm, fast_path: {{(fastPath ? "true" : "false")}}, grid: { size: 64, pixel_pitch: 0.75 mm } }
        model:
          kind: diffractive_network
          layers: 4
          spacing: { input: 24 mm, between: 24 mm, output: 24 mm }
          mask: { material_index: 1.7227 }
        quantizer: {{quantizer}}
        perturbation: { errors: [{{(errors.Length > 0 ? $"{{ kind: {errors} }}" : "")}}] }
        task:
          kind: classification
          detector: { kind: grid, regions: 10 }
          dataset: { kind: glyphs, train_count: {{Batch * (StepsPerRound + 1)}}, validation_count: 10, test_count: 10 }
        """,
        "steps",
        []).ValueOrThrow();

    private static void Print(TextWriter output, IEnumerable<StepResult> results)
    {
        output.WriteLine("                                                     step, CPU ms   / propagation   / full precision   60,000 in s");
        foreach (var result in results)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Variant,-52} {result.CpuMilliseconds,12:0.00} {result.ToPropagation,15:0.000} {result.ToFullPrecision,18:0.000} {result.EpochSeconds,13:0.0}"));
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
