using System.Text;

namespace OpticalQAT.Benchmarks.Comparison;

/// <summary>The result as text.</summary>
internal static class ComparisonTable
{
    public static string Of(ComparisonResult result)
    {
        var text = new StringBuilder();
        text.AppendLine($"{result.Machine}, {result.Threads} thread(s); fast path: {result.FastPath}");
        foreach (var size in result.Sizes)
        {
            var w = size.Workload;
            text.AppendLine();
            text.AppendLine($"N = {w.Points} padded to {w.Padded}, {w.Layers} layers, batch {w.Batch}; forward, loss and backward");
            text.AppendLine($"{"",-24}{"CPU ms",10}{"wall ms",10}{"/reference",12}{"/floor",8}{"60,000 in s",13}{"error",10}{"of gradient",13}{"peak MB",9}{"alone ms",10}{"/reference",12}");
            foreach (var v in size.Variants)
            {
                var alone = size.Alone?[v.Name];
                text.AppendLine(
                    $"{v.Name,-24}{v.CpuSeconds * 1e3,10:F1}{v.WallSeconds * 1e3,10:F1}{v.ToReference,12:F3}{v.ToFloor,8:F2}"
                    + $"{v.EpochSeconds,13:F1}{v.OutputError,10:E1}{v.GradientError,13:E1}{alone?.PeakBytes / 1e6,9:F0}"
                    + $"{alone?.CpuSeconds * 1e3,10:F1}{alone?.CpuSeconds / size.Alone?[size.Variants[0].Name].CpuSeconds,12:F3}");
            }

            var transfer = size.NewTransfer;
            text.AppendLine(
                $"a transfer function anew: {transfer.FastSeconds * 1e3:F3} ms for the fast path, {transfer.ToPropagation:F3} of its layer; "
                + $"{transfer.TorchSeconds * 1e3:F3} ms more as a tensor");
        }

        foreach (var series in result.Scaling?.GroupBy(s => s.Series, StringComparer.Ordinal) ?? [])
        {
            text.AppendLine();
            text.AppendLine($"{"fast path, " + series.Key,-24}{"CPU ms",10}{"per batch·layers·N²·log N",28}");
            foreach (var point in series)
            {
                text.AppendLine($"{point.Value,-24}{point.CpuSeconds * 1e3,10:F1}{point.PerUnit,28:F2}");
            }
        }

        return text.ToString().TrimEnd();
    }
}
