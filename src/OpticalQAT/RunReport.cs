using OpticalQAT.Analysis.Figures;
using OpticalQAT.Analysis.Report;
using OpticalQAT.Data;
using OpticalQAT.Formats;
using OpticalQAT.Models;
using OpticalQAT.Tasks;
using OpticalQAT.Training;
using static TorchSharp.torch;

namespace OpticalQAT;

/// <summary>Gathers what the report page and the figures of a run show, and writes them.</summary>
internal sealed class RunReport(RunDirectory directory, TrainedModel model, RunRecord record)
{
    private const double SameScore = 0.005;

    /// <summary>Writes <c>report.html</c> and <c>figures/*.png</c>.</summary>
    /// <param name="examples">Whose test split is shown; null leaves out what needs it, as for a run that is not finished.</param>
    /// <param name="test">The model's measurement on that split.</param>
    /// <param name="cancellation">Stops it before the first file is written.</param>
    /// <returns>The figures, by file name.</returns>
    public IReadOnlyDictionary<string, byte[]> Write(Examples? examples, Measurement? test, CancellationToken cancellation)
    {
        var content = Gather(examples, test, cancellation);
        var figures = FigureSet.Draw(content, cancellation);
        cancellation.ThrowIfCancellationRequested();
        Directory.CreateDirectory(directory.FigureFolder);
        foreach (var (name, png) in figures)
            AtomicFile.Write(Path.Combine(directory.FigureFolder, name), png);
        AtomicFile.Write(directory.ReportFile, ReportPage.Write(content));
        return figures;
    }

    private ReportContent Gather(Examples? examples, Measurement? test, CancellationToken cancellation)
    {
        var words = new RunReportWords(directory, model, record);
        var result = Score(record.Summary?.Test, record.Summary?.Steps);
        var content = new ReportContent
        {
            Name = model.Experiment.Name,
            Id = directory.Id,
            Description = words.Description(examples is null ? null : record.Data),
            Setup = words.Setup(examples is null ? null : record.Data),
            MainMetric = model.Task.Score,
            FullPrecision = model.Experiment.Levels is null && result is not null
                ? result
                : Score(record.FullPrecision, (long?)record.Summary?.FullPrecision?.GetValueOrDefault("steps")),
            PostTraining = Score(record.PostTraining, null),
            Quantized = model.IsQuantized ? result : null,
            FreeSpace = Score(record.Summary?.FreeSpace, null),
            TestSamples = (int?)examples?.Test.Count,
            Epochs = [.. record.Epochs.Where(e => e.Loss is not null).Select(Epoch)],
            Masks = [.. model.Network.Masks.Select(Mask)],
            Bench = Bench(),
            ResolvedConfiguration = File.ReadAllText(directory.ConfigurationFile),
            Environment = words.Environment(),
            Notes = [.. Remarks(examples, test), .. model.Task.Remarks, .. model.Experiment.Notes, .. model.Experiment.Examine().Select(finding => Sentence(finding.Message))],
        };
        if (examples is null)
            return content;
        return (model.Task, test) switch
        {
            (ClassificationTask task, ClassificationMeasurement measured) => new RunReportSamples(model, task, examples.Data).AddTo(content, measured, cancellation),
            (PhaseImagingTask task, PhaseImagingMeasurement measured) => new RunReportReconstructions(model, task, examples.Data).AddTo(content, measured, cancellation),
            _ => content,
        };
    }

    /// <summary>What a reader must know before the numbers.</summary>
    private IEnumerable<string> Remarks(Examples? examples, Measurement? test)
    {
        if (record.Remark is { } remark)
            yield return remark;
        if (record.Summary is not { } summary)
            yield break;
        if (FaintLight.Remark(summary.Test) is { } faint)
            yield return faint;
        if (examples is null || test is null)
            yield break;
        if (record.Data is { Test: var tested } && SplitDigest.Of(examples.Data.Test) == tested)
            yield break;
        var (then, now) = (summary.Test[model.Task.Score], test.Result()[model.Task.Score]);
        if (record.Data is not null || Math.Abs(then - now) > SameScore)
            yield return $"The scores are those of the run. On the examples shown here the model's {model.Task.Score} is {Wording.Metric(model.Task.Score, now)}, not {Wording.Metric(model.Task.Score, then)}: they are others than the run's.";
    }

    private static string Sentence(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private ReportBench Bench()
    {
        double[] ends = [.. model.Network.Distances.Select((_, i) => model.Network.Distances.Take(i + 1).Sum())];
        return new ReportBench(ends[^1], model.Network.Grid.Width.Metres, ends[..^1]);
    }

    private ReportMask Mask(HeightMask mask, int layer)
    {
        using var scope = NewDisposeScope();
        var levels = mask.Levels()?.cpu().data<long>().ToArray();
        var size = (int)mask.Position.shape[^1];
        var wave = mask.Relief.Material.OneWave.Metres;
        return new ReportMask
        {
            Name = $"Layer {layer + 1}",
            Heights = Square(mask.Heights().cpu().data<double>().ToArray(), size),
            Levels = levels is null ? null : Square([.. levels.Select(level => (int)level)], size),
            LevelTable = mask.Relief.Levels?.Heights.ToArray(),
            PixelPitch = model.Experiment.Model.PrintedPitch(model.Experiment.Optics).Metres,
            WrapHeight = mask.Relief.Levels is null or { Period: not null } ? wave : null,
        };
    }

    private ReportEpoch Epoch(EpochRecord epoch) => new()
    {
        Phase = epoch.Phase.Replace('_', ' '),
        Epoch = epoch.Epoch,
        TrainLoss = epoch.Loss!.Value,
        LearningRate = epoch.LearningRate,
        ValidationLoss = epoch.Validation["loss"],
        Validation = epoch.Validation[model.Task.Score],
        ValidationSoft = epoch.SoftValidation?[model.Task.Score],
    };

    private static ReportScore? Score(IReadOnlyDictionary<string, double>? metrics, long? steps) => metrics is null
        ? null
        : new ReportScore([.. metrics.Where(metric => !string.Equals(metric.Key, "steps", StringComparison.Ordinal))], steps);

    private static T[,] Square<T>(T[] flat, int size)
    {
        var square = new T[size, size];
        for (var i = 0; i < flat.Length; i++)
            square[i / size, i % size] = flat[i];
        return square;
    }
}
