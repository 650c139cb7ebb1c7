using OpticalQAT.Data;
using OpticalQAT.Formats;
using OpticalQAT.Optics;
using static TorchSharp.torch;

namespace OpticalQAT.Tasks;

/// <summary>The illustrations in a classifier's report on the test split: chosen examples plane by plane, mistakes, the confusion of classes.</summary>
internal sealed class ClassificationIllustration(ClassificationTask task, Dataset data, IShownModel model)
{
    private const int Shown = 6;
    private const int ShownAtMasks = 2;

    /// <summary>The illustration.</summary>
    /// <param name="measured">The model's measurement on the test split.</param>
    public Illustration Of(ClassificationMeasurement measured)
    {
        var labels = data.Test.Labels.data<long>().ToArray();
        var shown = measured.Shown();
        var predicted = Enumerable.Range(0, labels.Length).Select(i => Highest(shown, i)).ToArray();
        int[] right = [.. Enumerable.Range(0, labels.Length).Where(i => predicted[i] == labels[i]).DistinctBy(i => labels[i]).Take(Shown).OrderBy(i => labels[i])];
        int[] wrong = [.. Enumerable.Range(0, labels.Length).Where(i => predicted[i] != labels[i]).OrderByDescending(i => shown[i, predicted[i]] - shown[i, labels[i]]).Take(Shown)];
        return new Illustration
        {
            ClassNames = data.ClassNames,
            Detectors = task.Regions,
            Confusion = Narrow(measured.Confusion()),
            Samples = [.. Follow(right, fromTheSide: true).Index().Select(s => s.Index < ShownAtMasks ? s.Item : s.Item with { Planes = null }).Select(Scored(right))],
            WorstMistakes = [.. Follow(wrong, fromTheSide: false).Select(Scored(wrong))],
        };

        Func<ShownSample, int, ShownSample> Scored(int[] indices) => (sample, i) => sample with
        {
            Label = (int)labels[indices[i]],
            Predicted = predicted[indices[i]],
            Scores = [.. Enumerable.Range(0, data.ClassNames.Length).Select(k => shown[indices[i], k])],
        };
    }

    /// <summary>Follows test examples through the stack, all at once.</summary>
    private ShownSample[] Follow(int[] indices, bool fromTheSide)
    {
        if (indices.Length == 0)
            return [];
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var examples = data.Test.Take(tensor([.. indices.Select(i => (long)i)]));
        var input = task.Encode(examples.CopyTo(model.Device));
        var planes = model.Planes(input).Select(plane => Field.Intensity(plane).cpu()).ToArray();
        var views = fromTheSide ? model.FromTheSide(input) : null;
        return
        [
            .. indices.Select((index, i) => new ShownSample
            {
                Caption = $"test image {index}",
                Input = TensorArrays.Plane(examples.Images[i].to(ScalarType.Float32).div(255)),
                Output = TensorArrays.Plane(planes[^1][i]),
                Planes = fromTheSide ? [.. planes[..^1].Select(plane => TensorArrays.Plane(plane[i]))] : null,
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
