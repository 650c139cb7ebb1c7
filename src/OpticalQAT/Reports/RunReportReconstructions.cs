using System.Globalization;
using OpticalQAT.Data;
using OpticalQAT.Optics;
using OpticalQAT.Runs;
using OpticalQAT.Tasks;
using static TorchSharp.torch;

namespace OpticalQAT.Reports;

/// <summary>What the report of an imaging task shows of the test split: ground truth, output and error side by side, from good to bad.</summary>
internal sealed class RunReportReconstructions(TrainedModel model, PhaseImagingTask task, Dataset data)
{
    private const int ShownFromTheSide = 2;

    // Of the examples in the order of their SSIM, the best first.
    private static readonly (double Share, string Name)[] Shown = [(0.5, "the median"), (0.1, "a tenth is better"), (0.25, "a quarter is better"), (0.75, "three quarters are better"), (0.9, "nine tenths are better"), (1, "the worst")];

    /// <summary>The content with the examples in it.</summary>
    public ReportContent AddTo(ReportContent content, PhaseImagingMeasurement measured, CancellationToken cancellation)
    {
        var similarities = measured.Similarities();
        int[] order = [.. Enumerable.Range(0, similarities.Length).OrderByDescending(i => similarities[i])];
        (int Index, string Name)[] chosen = [.. Shown.Select(s => (order[(int)Math.Round(s.Share * (order.Length - 1))], s.Name)).DistinctBy(s => s.Item1)];

        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var examples = data.Test.Take(tensor([.. chosen.Select(s => (long)s.Index)])).CopyTo(model.Network.Masks.Device);
        var input = task.Encode(examples);
        var planes = model.Network.Planes(input);
        var targets = task.Targets(examples);
        var images = task.Image(planes[^1]);
        var errors = (images - targets).abs().cpu();
        var lights = planes.SkipLast(1).Select(plane => Field.Intensity(plane).cpu()).ToArray();
        var views = model.Network.Gaps.Count > 0 ? SideView.Of(model.Network, input, cancellation) : null;
        (targets, images) = (targets.cpu(), images.cpu());
        return content with
        {
            Samples =
            [
                .. chosen.Select((s, i) => new ReportSample
                {
                    Caption = string.Create(CultureInfo.InvariantCulture, $"test image {s.Index}, SSIM {similarities[s.Index]:0.000}, {s.Name}"),
                    Input = Map(targets[i]),
                    Output = Map(images[i]),
                    Target = Map(targets[i]),
                    Error = Map(errors[i]),
                    Planes = i < ShownFromTheSide ? [.. lights.Select(light => Map(light[i]))] : null,
                    SideView = i < ShownFromTheSide ? views?[i] : null,
                }),
            ],
        };
    }

    private static float[,] Map(Tensor values)
    {
        var map = new float[values.shape[0], values.shape[1]];
        var flat = values.contiguous().data<float>().ToArray();
        Buffer.BlockCopy(flat, 0, map, 0, flat.Length * sizeof(float));
        return map;
    }
}
