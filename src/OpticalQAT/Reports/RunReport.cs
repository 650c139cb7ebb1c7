using OpticalQAT.Data;
using OpticalQAT.Formats;
using OpticalQAT.Runs;
using OpticalQAT.Tasks;
using OpticalQAT.Training;
using static TorchSharp.torch;

namespace OpticalQAT.Reports;

/// <summary>The report page of a run and its figures: gathers what they show, and writes them.</summary>
public sealed class RunReport
{
    private const double SameScore = 0.005;

    private readonly RunDirectory _directory;
    private readonly TrainedModel _model;
    private readonly RunRecord _record;

    private RunReport(RunDirectory directory, TrainedModel model, RunRecord record) => (_directory, _model, _record) = (directory, model, record);

    /// <summary>Writes <c>report.html</c> and <c>figures/*.png</c> of a run that has just been finished.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancellation">Stops it before the first file is written.</param>
    /// <returns>The figures as PNG, by file name.</returns>
    public static IReadOnlyDictionary<string, byte[]> Write(FinishedRun run, CancellationToken cancellation) =>
        new RunReport(run.Directory, run.Model, run.Record).Write(run.Fields, run.Test, cancellation);

    /// <summary>
    /// Writes them anew for a run as its directory tells it. For an unfinished run they show its masks and curves so far;
    /// the test split is left alone until the run is finished.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="note">Told what is worth reading.</param>
    /// <param name="cancellation">Stops it before the first file is written.</param>
    /// <exception cref="DataException">The dataset cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public static void Write(StoredRun run, Action<string> note, CancellationToken cancellation = default)
    {
        var report = new RunReport(run.Directory, run.Model, run.Record);
        if (!run.IsFinished)
        {
            report.Write(fields: null, test: null, cancellation);
            return;
        }
        MemoryException.Explained(run.Model.Experiment, () =>
        {
            using var fields = ModelOnDevice.Move(run.Model, Splits.Test, note, cancellation).Fields(cancellation: cancellation);
            using var test = Evaluator.Evaluate(run.Model.Network, run.Model.Task, fields.Test, cancellation);
            return report.Write(fields, test, cancellation);
        });
    }

    // Without fields what needs them is left out, as for a run that is not finished.
    private IReadOnlyDictionary<string, byte[]> Write(DatasetFields? fields, Measurement? test, CancellationToken cancellation)
    {
        var content = Gather(fields, test, cancellation);
        var figures = FigureSet.Draw(content, cancellation);
        cancellation.ThrowIfCancellationRequested();
        Directory.CreateDirectory(_directory.FigureFolder);
        foreach (var (name, png) in figures)
            AtomicFile.Write(Path.Combine(_directory.FigureFolder, name), png);
        AtomicFile.Write(_directory.ReportFile, ReportPage.Write(content));
        return figures;
    }

    private ReportContent Gather(DatasetFields? fields, Measurement? test, CancellationToken cancellation)
    {
        var words = new RunReportWords(_directory, _model, _record);
        var result = Score(_record.Summary?.Test, _record.Summary?.Steps);
        var content = new ReportContent
        {
            Name = _model.Experiment.Name,
            Id = _directory.Id,
            Description = words.Description(fields is null ? null : _record.Data),
            Setup = words.Setup(fields is null ? null : _record.Data),
            MainMetric = _model.Task.Score,
            FullPrecision = _model.Experiment.Levels is null && result is not null
                ? result
                : Score(_record.FullPrecision, (long?)_record.Summary?.FullPrecision?.GetValueOrDefault("steps")),
            PostTraining = Score(_record.PostTraining, null),
            Quantized = _model.IsQuantized ? result : null,
            FreeSpace = Score(_record.Summary?.FreeSpace, null),
            TestSamples = (int?)fields?.Test.Count,
            Epochs = [.. _record.Epochs.Where(e => e.Loss is not null).Select(Epoch)],
            Masks = Masks(),
            Bench = Bench(),
            ResolvedConfiguration = File.ReadAllText(_directory.ConfigurationFile),
            Environment = words.Environment(),
            Notes = [.. Remarks(fields, test), .. _model.Task.Remarks, .. _model.Experiment.Notes, .. _model.Experiment.Examine().Select(finding => Sentence(finding.Message))],
        };
        if (fields is null || test is null)
            return content;
        return content with { Illustration = _model.Task.Illustrate(test, fields.Data, new ShownModel(_model.Network, cancellation)) };
    }

    /// <summary>The remarks that a reader needs before the numbers.</summary>
    private IEnumerable<string> Remarks(DatasetFields? fields, Measurement? test)
    {
        if (_record.Remark is { } remark)
            yield return remark;
        if (_record.Summary is not { } summary)
            yield break;
        if (FaintLight.Remark(summary.Test) is { } faint)
            yield return faint;
        if (fields is null || test is null)
            yield break;
        if (_record.Data is { Test: var tested } && SplitDigest.Of(fields.Data.Test) == tested)
            yield break;
        var (then, now) = (summary.Test[_model.Task.Score.Name], test.Result()[_model.Task.Score.Name]);
        if (_record.Data is not null || Math.Abs(then - now) > SameScore)
            yield return $"The scores are those of the run. On the examples shown here the model's {_model.Task.Score.Name} is {Wording.Value(_model.Task.Score, now)}, not {Wording.Value(_model.Task.Score, then)}: they are others than the run's.";
    }

    private static string Sentence(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private ReportBench? Bench()
    {
        var gaps = _model.Network.Gaps;
        double[] ends = [.. gaps.Select((_, i) => gaps.Take(i + 1).Sum(gap => gap.Metres))];
        return ends.Length == 0 ? null : new ReportBench(ends[^1], _model.Network.Grid.Width.Metres, ends[..^1]);
    }

    private ReportMask[] Masks()
    {
        using var scope = NewDisposeScope();
        var masks = _model.Network.Masks;
        var (heights, tables, n) = (masks.HeightsOfLayers(), masks.Tables, masks.Pixels);
        var levels = masks.Levels()?.cpu().data<long>().ToArray().Select(level => (int)level).Chunk(n * n).ToArray();
        return
        [
            .. heights.Select((ofLayer, layer) => new ReportMask
            {
                Name = $"Layer {layer + 1}",
                Heights = Square(ofLayer, n),
                Levels = levels is null ? null : Square(levels[layer], n),
                LevelTable = tables?[layer].Heights.ToArray(),
                PixelPitch = _model.Experiment.Model.PrintedPitch(_model.Experiment.Optics).Metres,
                WrapHeight = tables?[layer] is null or { Period: not null } ? masks.Material.OneWave.Metres : null,
            }),
        ];
    }

    private ReportEpoch Epoch(EpochRecord epoch) => new()
    {
        Phase = epoch.Phase.Replace('_', ' '),
        Epoch = epoch.Epoch,
        TrainLoss = epoch.Loss!.Value,
        LearningRate = epoch.LearningRate,
        ValidationLoss = epoch.Validation[Metric.Loss.Name],
        Validation = epoch.Validation[_model.Task.Score.Name],
        ValidationSoft = epoch.SoftValidation?[_model.Task.Score.Name],
    };

    private ReportScore? Score(IReadOnlyDictionary<string, double>? metrics, long? steps) => metrics is null
        ? null
        : new ReportScore([.. metrics.Where(metric => !string.Equals(metric.Key, "steps", StringComparison.Ordinal)).Select(metric => KeyValuePair.Create(_model.Task.MetricOf(metric.Key), metric.Value))], steps);

    private static T[,] Square<T>(T[] flat, int size)
    {
        var square = new T[size, size];
        for (var i = 0; i < flat.Length; i++)
            square[i / size, i % size] = flat[i];
        return square;
    }
}
