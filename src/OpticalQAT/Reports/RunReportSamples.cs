using OpticalQAT.Data;
using OpticalQAT.Optics;
using OpticalQAT.Runs;
using OpticalQAT.Tasks;
using static TorchSharp.torch;

namespace OpticalQAT.Reports;

/// <summary>What the report of a classifier shows of the test split: chosen examples on their way, mistakes, who is taken for whom.</summary>
internal sealed class RunReportSamples(TrainedModel model, ClassificationTask task, Dataset data)
{
    private const int Shown = 6;
    private const int ShownAtMasks = 2;

    /// <summary>The content with the examples in it.</summary>
    public ReportContent AddTo(ReportContent content, ClassificationMeasurement measured, CancellationToken cancellation)
    {
        var labels = data.Test.Labels.data<long>().ToArray();
        var shown = measured.Shown();
        var predicted = Enumerable.Range(0, labels.Length).Select(i => Highest(shown, i)).ToArray();
        int[] right = [.. Enumerable.Range(0, labels.Length).Where(i => predicted[i] == labels[i]).DistinctBy(i => labels[i]).Take(Shown).OrderBy(i => labels[i])];
        int[] wrong = [.. Enumerable.Range(0, labels.Length).Where(i => predicted[i] != labels[i]).OrderByDescending(i => shown[i, predicted[i]] - shown[i, labels[i]]).Take(Shown)];
        return content with
        {
            ClassNames = data.ClassNames,
            Detectors = task.Regions,
            Confusion = Narrow(measured.Confusion()),
            Samples = [.. Follow(right, fromTheSide: true, cancellation).Index().Select(s => s.Index < ShownAtMasks ? s.Item : s.Item with { Planes = null }).Select(Scored(right))],
            WorstMistakes = [.. Follow(wrong, fromTheSide: false, cancellation).Select(Scored(wrong))],
        };

        Func<ReportSample, int, ReportSample> Scored(int[] indices) => (sample, i) => sample with
        {
            Label = (int)labels[indices[i]],
            Predicted = predicted[indices[i]],
            Scores = [.. Enumerable.Range(0, data.ClassNames.Length).Select(k => shown[indices[i], k])],
        };
    }

    /// <summary>Follows test examples through the stack, all at once.</summary>
    private ReportSample[] Follow(int[] indices, bool fromTheSide, CancellationToken cancellation)
    {
        if (indices.Length == 0)
            return [];
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var device = model.Network.Masks.Device;
        var examples = data.Test.Take(tensor([.. indices.Select(i => (long)i)]));
        var input = task.Encode(examples.CopyTo(device));
        var planes = model.Network.Planes(input).Select(plane => Field.Intensity(plane).cpu()).ToArray();
        var views = fromTheSide ? SideView.Of(model.Network, input, cancellation) : null;
        return
        [
            .. indices.Select((index, i) => new ReportSample
            {
                Caption = $"test image {index}",
                Input = Map(examples.Images[i].to(ScalarType.Float32).div(255)),
                Output = Map(planes[^1][i]),
                Planes = fromTheSide ? [.. planes[..^1].Select(plane => Map(plane[i]))] : null,
                SideView = views?[i],
            }),
        ];
    }

    private static int Highest(float[,] shown, int example)
    {
        var best = 0;
        for (var k = 1; k < shown.GetLength(1); k++)
            best = shown[example, k] > shown[example, best] ? k : best;
        return best;
    }

    private static float[,] Map(Tensor values)
    {
        var map = new float[values.shape[0], values.shape[1]];
        var flat = values.contiguous().data<float>().ToArray();
        Buffer.BlockCopy(flat, 0, map, 0, flat.Length * sizeof(float));
        return map;
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
