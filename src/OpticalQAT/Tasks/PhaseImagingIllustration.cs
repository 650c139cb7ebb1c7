using System.Globalization;
using OpticalQAT.Data;
using OpticalQAT.Formats;
using OpticalQAT.Optics;
using static TorchSharp.torch;

namespace OpticalQAT.Tasks;

/// <summary>The illustrations in an imaging task's report on the test split: ground truth, output and error side by side, from good to bad.</summary>
internal sealed class PhaseImagingIllustration(PhaseImagingTask task, Dataset data, IShownModel model)
{
    private const int ShownFromTheSide = 2;

    // Of the examples in the order of their SSIM, the best first.
    private static readonly (double Share, string Name)[] Shown = [(0.5, "the median"), (0.1, "a tenth is better"), (0.25, "a quarter is better"), (0.75, "three quarters are better"), (0.9, "nine tenths are better"), (1, "the worst")];

    /// <summary>The illustration.</summary>
    /// <param name="measured">The model's measurement on the test split.</param>
    public Illustration Of(PhaseImagingMeasurement measured)
    {
        var similarities = measured.Similarities();
        int[] order = [.. Enumerable.Range(0, similarities.Length).OrderByDescending(i => similarities[i])];
        (int Index, string Name)[] chosen = [.. Shown.Select(s => (order[(int)Math.Round(s.Share * (order.Length - 1))], s.Name)).DistinctBy(s => s.Item1)];

        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var examples = data.Test.Take(tensor([.. chosen.Select(s => (long)s.Index)])).CopyTo(model.Device);
        var input = task.Encode(examples);
        var planes = model.Planes(input);
        var targets = task.Targets(examples);
        var images = task.Image(planes[^1]);
        var errors = (images - targets).abs().cpu();
        var lights = planes.SkipLast(1).Select(plane => Field.Intensity(plane).cpu()).ToArray();
        var views = model.FromTheSide(input);
        (targets, images) = (targets.cpu(), images.cpu());
        return new Illustration
        {
            Scale = "Ground truth and output run from 0, dark, to the largest phase that is imaged, bright; the error, its absolute value, to half of that. Maps of light run to their own maximum, linear in intensity.",
            Samples =
            [
                .. chosen.Select((s, i) => new ShownSample
                {
                    Caption = string.Create(CultureInfo.InvariantCulture, $"test image {s.Index}, SSIM {similarities[s.Index]:0.000}, {s.Name}"),
                    Input = TensorArrays.Plane(targets[i]),
                    Output = TensorArrays.Plane(images[i]),
                    Target = TensorArrays.Plane(targets[i]),
                    Error = TensorArrays.Plane(errors[i]),
                    Planes = i < ShownFromTheSide ? [.. lights.Select(light => TensorArrays.Plane(light[i]))] : null,
                    SideView = i < ShownFromTheSide ? views?[i] : null,
                }),
            ],
        };
    }
}
