using System.Runtime.InteropServices;
using System.Text.Json;
using OpticalQAT.Optics.Fast;
using TorchSharp;

namespace OpticalQAT.Benchmarks.Comparison;

/// <summary>Runs all variants interleaved in one process, checks that they agree, and prints ratios of medians.</summary>
internal sealed class ComparisonProgram(ComparisonOptions options)
{
    private const double Tolerance = 1e-5;
    private const int WarmUp = 3;
    private const int EpochImages = 60_000;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Runs what the options say; returns the exit code.</summary>
    public int Run(TextWriter output)
    {
        torch.set_num_threads(options.Threads);
        if (options.MemoryOf is { } name)
        {
            output.WriteLine(PeakMemory.OfThisProcess(() => Steps(name)));
            return 0;
        }

        var sizes = options.Points.Select(Compare).ToList();
        var machine = $"{RuntimeInformation.OSArchitecture}, {Environment.ProcessorCount} cores, .NET {Environment.Version}, TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)}";
        var result = new ComparisonResult(machine, FastPropagation.Status, options.Threads, sizes, options.Scaling ? ScalingSeries() : null);
        output.WriteLine(options.Json ? JsonSerializer.Serialize(result, Json) : ComparisonTable.Of(result));
        return sizes.SelectMany(s => s.Variants).All(v => v is { OutputError: null or <= Tolerance, GradientError: null or <= Tolerance }) ? 0 : 3;
    }

    private static IEnumerable<Func<Workload, StackVariant>> Variants() =>
        [w => new Reference(w, rebuild: false), w => new Reference(w, rebuild: true), w => new FftFloor(w), w => new TorchPath(w), w => new TorchAdjoint(w), w => new FastPath(w)];

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static (double Output, double Gradient)? Errors(StackVariant variant, (torch.Tensor Output, torch.Tensor Gradient) exact)
    {
        using var scope = torch.NewDisposeScope();
        return variant.Result() is { } result ? (Error(result.Output, exact.Output), Error(result.Gradient, exact.Gradient)) : null;

        static double Error(torch.Tensor actual, torch.Tensor expected) =>
            ((actual - expected).abs().norm() / expected.abs().norm()).ToDouble();
    }

    private SizeResult Compare(int points)
    {
        var workload = Workload.Of(options, points);
        if (!FastPropagation.Supports(points, workload.Padded, out var reason))
        {
            throw new NotSupportedException(reason);
        }

        var variants = Variants().Select(make => make(workload)).ToArray();
        using var scope = torch.NewDisposeScope();
        (double Output, double Gradient)?[] errors;
        using (var exact = new TorchPath(workload, torch.ScalarType.ComplexFloat64))
        {
            var expected = exact.Result()!.Value;
            errors = [.. variants.Select(v => Errors(v, expected))];
        }

        var times = Interleaved(variants, workload.Threads);
        var cpu = times.Select(t => Median(t.Select(x => x.Cpu))).ToArray();
        var (reference, floor) = (cpu[0], cpu[Array.FindIndex(variants, v => v is FftFloor)]);
        var results = variants.Select((variant, i) =>
        {
            var wall = Median(times[i].Select(x => x.Wall));
            return new VariantResult(
                variant.Name, cpu[i], wall, cpu[i] / reference, cpu[i] / floor,
                (workload.Threads == 1 ? cpu[i] : wall) * EpochImages / workload.Batch, errors[i]?.Output, errors[i]?.Gradient);
        }).ToArray();
        var peaks = options.Memory ? PeakMemory.AboveRest(variants.Select(v => v.Name), options with { Points = [points] }) : null;
        Array.ForEach(variants, v => v.Dispose());
        return new(workload, results, NewTransfer(workload, results[^1].CpuSeconds / workload.Layers), peaks);
    }

    private NewTransferResult NewTransfer(Workload workload, double layerSeconds)
    {
        var propagator = workload.Propagator(mayBeFast: true);
        List<double> fast = [], torch = [];
        for (var round = -20; round < 10 * options.Repeats; round++)
        {
            using var propagation = propagator.At(Workload.Distance * (1 + (0.001 * round)));
            var times = (StepClock.Measure(() => _ = propagation.Kernel, 1).Cpu, StepClock.Measure(() => _ = propagation.OnWorkingPlane(TorchSharp.torch.CPU, TorchSharp.torch.ScalarType.ComplexFloat32), 1).Cpu);
            if (round >= 0)
            {
                fast.Add(times.Item1);
                torch.Add(times.Item2);
            }
        }

        return new(Median(fast), Median(torch), Median(fast) / layerSeconds);
    }

    private List<(double Cpu, double Wall)>[] Interleaved(StackVariant[] variants, int threads)
    {
        var times = variants.Select(_ => new List<(double, double)>()).ToArray();
        for (var round = -WarmUp; round < options.Repeats; round++)
        {
            for (var k = 0; k < variants.Length; k++)
            {
                // The step that counts comes after one of its own kind, as in training: who comes after a larger one finds
                // its memory there, who comes after a smaller one pays for the system's handing it out again.
                var i = (k + round + WarmUp) % variants.Length;
                variants[i].Step();
                var time = StepClock.Measure(variants[i].Step, threads);
                if (round >= 0)
                {
                    times[i].Add(time);
                }
            }
        }

        return times;
    }

    /// <summary>Steps of one variant alone, their median processor time; 0 where no variant has the name.</summary>
    private double Steps(string name)
    {
        var times = new List<double>();
        foreach (var make in Variants())
        {
            using var variant = make(Workload.Of(options, options.Points[0]));
            for (var i = -WarmUp; i < options.Repeats && string.Equals(variant.Name, name, StringComparison.Ordinal); i++)
            {
                var time = StepClock.Measure(variant.Step, options.Threads).Cpu;
                if (i >= 0)
                {
                    times.Add(time);
                }
            }
        }

        return times.Count == 0 ? 0 : Median(times);
    }

    private List<ScalingResult> ScalingSeries()
    {
        var basis = options with { Points = [64], Batch = 16, Layers = 5 };
        (string Series, int[] Values, Func<int, ComparisonOptions> At)[] series =
        [
            ("batch", [4, 8, 16, 32, 64], v => basis with { Batch = v }),
            ("layers", [1, 2, 5, 10, 20], v => basis with { Layers = v }),
            ("points", [32, 64, 128, 256], v => basis with { Points = [v] }),
        ];
        var results = new List<ScalingResult>();
        foreach (var (name, values, at) in series)
        {
            var workloads = values.Select(v => Workload.Of(at(v), at(v).Points[0])).ToArray();
            StackVariant[] variants = [.. workloads.Select(w => new FastPath(w))];
            var cpu = Interleaved(variants, options.Threads).Select(t => Median(t.Select(x => x.Cpu))).ToArray();
            var units = workloads.Select(w => w.Batch * (double)w.Layers * w.Points * w.Points * Math.Log2(w.Points)).ToArray();
            results.AddRange(values.Select((v, i) => new ScalingResult(name, v, cpu[i], cpu[i] / units[i] / (cpu[0] / units[0]))));
            Array.ForEach(variants, v => v.Dispose());
        }

        return results;
    }
}
