using System.Globalization;
using OpticalQAT.Analysis.Figures;
using OpticalQAT.Analysis.Report;
using OpticalQAT.Configuration;
using OpticalQAT.Formats;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Tasks;
using OpticalQAT.Training;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT;

/// <summary>Gathers what the report page and the figures of a run show, and writes them.</summary>
internal sealed class RunReport(
    TrainedModel model, Examples examples, Summary summary, IReadOnlyList<EpochRecord> epochs,
    Dictionary<string, double>? fullPrecision, Dictionary<string, double>? postTraining, Measurement test)
{
    private const int Shown = 6;

    private readonly Experiment _experiment = model.Experiment;

    /// <summary>Writes <c>report.html</c> and <c>figures/*.png</c>.</summary>
    public void Write(RunDirectory directory)
    {
        var content = Gather(directory);
        Directory.CreateDirectory(directory.FigureFolder);
        foreach (var (name, png) in FigureSet.Draw(content))
            AtomicFile.Write(Path.Combine(directory.FigureFolder, name), png);
        AtomicFile.Write(directory.ReportFile, ReportPage.Write(content));
    }

    private ReportContent Gather(RunDirectory directory)
    {
        var content = new ReportContent
        {
            Name = summary.Name,
            Id = summary.Id,
            Description = Description(),
            Setup = Setup(),
            MainMetric = model.Task.Score,
            FullPrecision = Score(fullPrecision, (long?)summary.FullPrecision?.GetValueOrDefault("steps")),
            PostTraining = Score(postTraining, null),
            Quantized = model.IsQuantized ? Score(summary.Test, summary.Steps) : null,
            TestSamples = (int)examples.Test.Count,
            Epochs = [.. epochs.Where(e => e.Loss is not null).Select(Epoch)],
            Masks = [.. model.Network.Masks.Select(Mask)],
            ResolvedConfiguration = File.ReadAllText(directory.ConfigurationFile),
            Environment = EnvironmentRows(),
            Notes = [.. _experiment.Examine().Select(finding => finding.Message)],
        };
        if (!model.IsQuantized)
            content = content with { FullPrecision = Score(summary.Test, summary.Steps) };
        return model.Task is ClassificationTask task && test is ClassificationMeasurement measured
            ? WithClasses(content, task, measured)
            : content;
    }

    private ReportContent WithClasses(ReportContent content, ClassificationTask task, ClassificationMeasurement measured)
    {
        var labels = examples.Data.Test.Labels.data<long>().ToArray();
        var shares = measured.Shares();
        var predicted = Enumerable.Range(0, labels.Length).Select(i => Brightest(shares, i)).ToArray();
        var right = Enumerable.Range(0, labels.Length).Where(i => predicted[i] == labels[i]).ToArray();
        var mistakes = Enumerable.Range(0, labels.Length).Where(i => predicted[i] != labels[i]);
        var confusion = measured.Confusion();
        var classes = examples.Data.ClassNames;
        return content with
        {
            ClassNames = classes,
            Detectors = [.. task.Regions.Select((r, k) => new Analysis.Report.DetectorRegion(k, r.Top, r.Left, r.Height, r.Width))],
            Confusion = Narrow(confusion),
            Samples = [.. right.DistinctBy(i => labels[i]).Take(Shown).OrderBy(i => labels[i]).Select(i => Sample(i, withPlanes: true))],
            WorstMistakes = [.. mistakes.OrderByDescending(i => shares[i, predicted[i]] - shares[i, labels[i]]).Take(Shown).Select(i => Sample(i, withPlanes: false))],
        };

        ReportSample Sample(int index, bool withPlanes) => Trace(task, index, withPlanes) with
        {
            Label = (int)labels[index],
            Predicted = predicted[index],
            Scores = [.. Enumerable.Range(0, classes.Length).Select(k => shares[index, k])],
        };
    }

    /// <summary>Follows one test example through the stack.</summary>
    private ReportSample Trace(LearningTask task, int index, bool withPlanes)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var device = model.Network.Masks.First().Position.device;
        var input = task.Encode(examples.Data.Test.Images.slice(0, index, index + 1, 1).to(device));
        var planes = model.Network.Planes(input).Select(Intensity).ToArray();
        return new ReportSample
        {
            Caption = string.Create(CultureInfo.InvariantCulture, $"test image {index}"),
            Input = Image(examples.Data.Test.Images[index]),
            Output = planes[^1],
            Planes = withPlanes ? planes[..^1] : null,
        };
    }

    private ReportMask Mask(HeightMask mask, int layer)
    {
        using var scope = NewDisposeScope();
        var levels = mask.Levels()?.cpu().data<long>().ToArray();
        var size = (int)mask.Position.shape[0];
        var wave = mask.Relief.Material.OneWave.Metres;
        return new ReportMask
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"Layer {layer + 1}"),
            Heights = Square(mask.Heights().cpu().data<double>().ToArray(), size),
            Levels = levels is null ? null : Square([.. levels.Select(level => (int)level)], size),
            LevelTable = mask.Relief.Levels?.Heights.ToArray(),
            PixelPitch = _experiment.Optics.Grid.PixelPitch.Metres * mask.Oversampling,
            WrapHeight = mask.Relief.Levels is null or { Period: not null } ? wave : null,
        };
    }

    private ReportEpoch Epoch(EpochRecord record) => new()
    {
        Phase = record.Phase.Replace('_', ' '),
        Epoch = record.Epoch,
        TrainLoss = record.Loss!.Value,
        LearningRate = record.LearningRate,
        ValidationLoss = record.Validation["loss"],
        Validation = record.Validation[model.Task.Score],
        ValidationSoft = record.SoftValidation?[model.Task.Score],
    };

    private string Description()
    {
        var pixels = model.Experiment.Model.PrintedPixels(_experiment.Optics);
        var levels = model.Network.Masks.First().Relief.Levels;
        return $"A {KindNames.Of(_experiment.Task)} processor of {model.Network.Layers.Count} printed masks of {pixels}×{pixels} pixels, "
            + (levels is null ? "in full precision, " : $"each pixel at one of {levels.Count} heights, ")
            + $"trained on {examples.Data.Train.Count:N0} examples of {KindNames.Of(_experiment.Task.Dataset)} and tested on {examples.Data.Test.Count:N0} others.";
    }

    private KeyValuePair<string, string>[] Setup()
    {
        var optics = _experiment.Optics;
        var masks = model.Network.Masks.ToArray();
        var material = masks[0].Relief.Material;
        var levels = masks[0].Relief.Levels;
        return
        [
            new("Wavelength", optics.Wavelength.ToString()),
            new("Planes", $"{optics.Grid.Size}×{optics.Grid.Size} samples of {optics.Grid.PixelPitch}, {optics.Grid.Width} wide"),
            new("Distances", string.Join(", ", model.Network.Distances.Select(z => new Length(z).ToString()))),
            new("Propagation", KindNames.Of(optics.Propagator)),
            new("Material", $"index {material.Index} in {optics.MediumIndex}, extinction {material.Extinction}; one wave is {Microns(material.OneWave.Metres)} high"),
            new("Levels", levels is null ? "any height" : string.Join(", ", levels.Heights.ToArray().Take(16).Select(Microns)) + (levels.Count > 16 ? ", …" : "")),
            new("Quantizer", KindNames.Of(_experiment.Quantizer) + (model.IsQuantized ? $", gradient by {summary.Gradient}" : "")),
            new("Examples", $"{examples.Data.Train.Count:N0} to train, {examples.Data.Validation.Count:N0} to choose by, {examples.Data.Test.Count:N0} to test"),
            new("Training", $"{summary.Epochs.FullPrecision} + {summary.Epochs.Quantized} epochs, {summary.Steps:N0} steps, {summary.Seconds:N0} s, {summary.ImagesPerSecond:N0} images a second"),
        ];
    }

    private KeyValuePair<string, string>[] EnvironmentRows()
    {
        var runtime = Runtime.RuntimeReport.Gather();
        return
        [
            new("OpticalQAT", runtime.OpticalQat),
            new("Computed on", $"{summary.Device}, {summary.Threads} threads"),
            new("Processor", runtime.Cpu ?? "unknown"),
            new("libtorch", runtime.LibTorch ?? "unknown"),
            new(".NET", runtime.DotNet),
            new("System", runtime.OperatingSystem),
        ];
    }

    private static string Microns(double metres) => string.Create(CultureInfo.InvariantCulture, $"{metres * 1e6:0.###} µm");

    private static ReportScore? Score(IReadOnlyDictionary<string, double>? metrics, long? steps) =>
        metrics is null ? null : new ReportScore([.. metrics], steps);

    private static int Brightest(float[,] shares, int example)
    {
        var best = 0;
        for (var k = 1; k < shares.GetLength(1); k++)
            best = shares[example, k] > shares[example, best] ? k : best;
        return best;
    }

    private static float[,] Intensity(Tensor field)
    {
        using var intensity = Field.Intensity(field).squeeze(0).cpu();
        return Square(intensity.data<float>().ToArray(), (int)intensity.shape[0]);
    }

    private static float[,] Image(Tensor image)
    {
        using var values = image.to(ScalarType.Float32).div(255).cpu();
        var (rows, columns) = ((int)values.shape[0], (int)values.shape[1]);
        var flat = values.data<float>().ToArray();
        var pixels = new float[rows, columns];
        Buffer.BlockCopy(flat, 0, pixels, 0, flat.Length * sizeof(float));
        return pixels;
    }

    private static T[,] Square<T>(T[] flat, int size)
    {
        var square = new T[size, size];
        for (var i = 0; i < flat.Length; i++)
            square[i / size, i % size] = flat[i];
        return square;
    }

    private static int[,] Narrow(long[,] counts)
    {
        var narrow = new int[counts.GetLength(0), counts.GetLength(1)];
        for (var row = 0; row < counts.GetLength(0); row++)
        {
            for (var column = 0; column < counts.GetLength(1); column++)
                narrow[row, column] = (int)counts[row, column];
        }
        return narrow;
    }
}
