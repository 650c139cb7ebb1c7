using System.Security.Cryptography;
using System.Text;
using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Models.Perturbations;
using OpticalQAT.Runs;
using OpticalQAT.Runtime;
using OpticalQAT.Tasks;
using OpticalQAT.Training;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Studies.Robustness;

/// <summary>Tries designs on the fabricated devices of a plan: each error swept alone, then all together for the yield.</summary>
/// <param name="name">The name of the plan.</param>
/// <param name="plan">The devices.</param>
/// <param name="scores">The file in which measurements are kept, and found again.</param>
/// <param name="watch">Told of every group of devices that is done.</param>
public sealed class RobustnessStudy(string name, RobustnessPlan plan, DeviceScores scores, Action<DevicesDone> watch)
{
    private int _group;
    private int _groups;

    /// <summary>Tries the designs, one after the other.</summary>
    /// <param name="paths">Run directories or model files.</param>
    /// <param name="overrides"><c>key=value</c> under task.dataset or device, for all of them.</param>
    /// <param name="note">Told what is worth reading.</param>
    /// <param name="cancellation">Stops before the next device; what is measured is kept.</param>
    /// <exception cref="ConfigurationException">An override does not fit, or would change a model.</exception>
    /// <exception cref="FileNotFoundException">There is no such model.</exception>
    /// <exception cref="Formats.FileFormatException">A file is damaged or not one of ours.</exception>
    /// <exception cref="DataException">A dataset cannot be read or does not fit, the plan does not fit a model, or the models have different scores.</exception>
    public RobustnessResult Execute(IReadOnlyList<string> paths, IReadOnlyList<string> overrides, Action<string> note, CancellationToken cancellation)
    {
        ModelOverrides.OfStudy.Check(overrides);
        NativeRuntime.Initialize();
        (_group, _groups) = (0, paths.Count * (plan.Sweeps.Sum(sweep => sweep.Strengths.Length) + (plan.Yield is null ? 0 : 1)));
        List<DesignResult> runs = [];
        Metric? score = null;
        long examples = 0;
        foreach (var path in paths)
        {
            using var model = TrainedModel.Load(path, overrides, note);
            if (plan.Examine(model.Experiment.Model.LayerCount).FirstOrDefault() is { } misfit)
                throw new DataException($"{path}: the plan does not fit this model: {misfit.Key}: {misfit.Message}");
            foreach (var steep in plan.ExamineAngles(model.Experiment.Optics, model.Experiment.Model.Material(model.Experiment.Optics)))
                note($"{path}: warning: {steep.Key}: {steep.Message}");
            if (score is not null && score != model.Task.Score)
                throw new DataException($"{path}: its score is {model.Task.Score.Name}, that of the others {score.Name}; designs are compared by one score");
            score = model.Task.Score;
            (var design, examples) = MemoryException.Explained(model.Experiment, () =>
            {
                using var source = new Sources(model, plan.Examples, note, cancellation);
                return (Try(model, path, NameFor(model, runs), source, cancellation), source.Count);
            });
            runs.Add(design);
        }
        return new RobustnessResult { Plan = name, Seed = plan.Seed, Score = score!, Examples = examples, Runs = [.. runs] };
    }

    private DesignResult Try(TrainedModel model, string path, string label, Sources sources, CancellationToken cancellation)
    {
        var design = Fingerprint(model, sources.Digest);
        cancellation.ThrowIfCancellationRequested();
        var nominal = scores.Of(new DeviceKey(design, "none", 0, 0), () => Measure([], 0, 0));
        var nominalScore = nominal[model.Task.Score.Name];
        return new DesignResult
        {
            Name = label,
            Path = path,
            Levels = model.LevelCounts,
            Nominal = nominal,
            Sweeps = [.. plan.Sweeps.Select(Sweep)],
            Yield = plan.Yield is { } yield ? Estimate(yield) : null,
        };

        SweepResult Sweep(ErrorSweep sweep) => new(
            KindNames.Of(sweep.Error), ConfigurationWriter.WriteInline(sweep.Error), sweep.Error.Size.Unit, [.. sweep.Strengths.Order().Select(strength => Point(sweep, strength))]);

        SweepPoint Point(ErrorSweep sweep, double strength)
        {
            var devices = Devices([sweep.Error], strength, sweep.Drawn);
            double[] reached = [.. devices.Select(metrics => metrics[model.Task.Score.Name])];
            var mean = Statistics.Mean(reached);
            var amount = sweep.Error.Size.Value * strength;
            watch(new DevicesDone(++_group, _groups, FormattableString.Invariant($"{label}, {KindNames.Of(sweep.Error)} {amount:0.###} {sweep.Error.Size.Unit}: {model.Task.Score.Name} {NumberText.Plain(mean, 4)} on {reached.Length} devices")));
            return new SweepPoint
            {
                Strength = strength,
                Amount = amount,
                Mean = mean,
                Interval = Statistics.OfMean(reached),
                Loss = model.Task.Score.Gain(nominalScore, mean),
                Scores = reached,
                Metrics = devices[0].Keys.ToDictionary(metric => metric, metric => devices.Average(one => one[metric]), StringComparer.Ordinal),
            };
        }

        YieldResult Estimate(YieldPlan yield)
        {
            double[] reached = [.. Devices(yield.Errors, 1, yield.Devices).Select(metrics => metrics[model.Task.Score.Name])];
            var good = reached.Count(score => model.Task.Score.Reaches(score, yield.Threshold));
            watch(new DevicesDone(++_group, _groups, FormattableString.Invariant($"{label}, all together: {good} of {reached.Length} devices reach {yield.Threshold}")));
            return new YieldResult
            {
                Threshold = yield.Threshold,
                Devices = reached.Length,
                Good = good,
                Yield = (double)good / reached.Length,
                Interval = Statistics.OfProportion(good, reached.Length),
                Mean = Statistics.Mean(reached),
                Scores = reached,
            };
        }

        IReadOnlyDictionary<string, double>[] Devices(PerturbationKind[] errors, double strength, int count)
        {
            var text = ConfigurationWriter.WriteInline(errors);
            return
            [
                .. Enumerable.Range(0, count).Select(device =>
                {
                    cancellation.ThrowIfCancellationRequested();
                    return scores.Of(new DeviceKey(design, text, strength, device), () => Measure(errors, strength, device));
                }),
            ];
        }

        IReadOnlyDictionary<string, double> Measure(PerturbationKind[] errors, double strength, int number)
        {
            using var scope = NewDisposeScope();
            using var device = DeviceErrors.Of(model.Network, errors, Seeds.Derive(plan.Seed, "robustness", number), _ => strength);
            using var measurement = Evaluator.Evaluate(model.Network, model.Task, sources.For(device), device, cancellation);
            return measurement.Result();
        }
    }

    /// <summary>The digest of what a measurement depends on besides the errors.</summary>
    private string Fingerprint(TrainedModel model, SplitDigest examples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var scope = NewDisposeScope();
        hash.AppendData(model.Network.Masks.Heights().cpu().contiguous().bytes);
        foreach (var (_, tensor) in model.Task.State())
            hash.AppendData(tensor.detach().cpu().contiguous().bytes);
        // Training does not matter, whatever of it stands in the file; nor does it where the examples lie, only what they are.
        var (experiment, task) = (model.Experiment, model.Experiment.Task with { Dataset = new Glyphs() });
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', ConfigurationWriter.WriteInline(experiment.Optics), ConfigurationWriter.WriteInline(experiment.Model), ConfigurationWriter.WriteInline(task), examples.Sha256, plan.Seed)));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static string NameFor(TrainedModel model, IReadOnlyList<DesignResult> others)
    {
        var label = model.Experiment.Name;
        for (var i = 2; others.Any(other => string.Equals(other.Name, label, StringComparison.Ordinal)); i++)
            label = $"{model.Experiment.Name} ({i})";
        return label;
    }

    /// <summary>The examples of one design: as fields before its first mask, and at its input for devices whose light gets there otherwise.</summary>
    private sealed class Sources : IDisposable
    {
        private readonly Lazy<ExampleFields> _atFirstMask;
        private readonly Lazy<ExampleFields> _atInput;

        public Sources(TrainedModel model, int? count, Action<string> note, CancellationToken cancellation)
        {
            var (_, device, data) = ModelOnDevice.Move(model, Splits.Test, note, cancellation);
            Count = Math.Min(data.Test.Count, count ?? long.MaxValue);
            var examples = data.Test.Slice(0, Count);
            Digest = SplitDigest.Of(examples);
            _atFirstMask = new(() => Source(atInput: false));
            _atInput = new(() => Source(atInput: true));

            ExampleFields Source(bool atInput) =>
                new(examples, model.Network, model.Task, device, DatasetFields.MemoryLimit(device) / 2, atInput, cancellation);
        }

        public long Count { get; }

        public SplitDigest Digest { get; }

        public ExampleFields For(DeviceErrors device) => (device.ReachesInput ? _atInput : _atFirstMask).Value;

        public void Dispose()
        {
            foreach (var source in new[] { _atFirstMask, _atInput })
            {
                if (source.IsValueCreated)
                    source.Value.Dispose();
            }
        }
    }
}

/// <summary>A group of devices is done.</summary>
/// <param name="Number">The number of the group, from 1.</param>
/// <param name="Count">The number of groups.</param>
/// <param name="Message">The outcome.</param>
public sealed record DevicesDone(int Number, int Count, string Message);
