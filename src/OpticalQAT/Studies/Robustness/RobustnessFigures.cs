using OpticalQAT.Reports;

namespace OpticalQAT.Studies.Robustness;

/// <summary>The pictures of a robustness study: a chart for each error, and the devices' scores with all errors together.</summary>
public static class RobustnessFigures
{
    /// <summary>PNG files by name.</summary>
    public static IReadOnlyDictionary<string, byte[]> Draw(RobustnessResult result)
    {
        var figures = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (i, sweep) in result.Runs[0].Sweeps.Index())
            figures.Add(NameOf(i, sweep), Sweep(result, i));
        if (result.Runs.Any(run => run.Yield is not null))
            figures.Add(YieldName, Yield(result));
        return figures;
    }

    /// <summary>The figure of the devices that have all errors.</summary>
    internal const string YieldName = "yield.png";

    /// <summary>The figure of a sweep.</summary>
    internal static string NameOf(int index, SweepResult sweep) => $"{index + 1}-{sweep.Error}.png";

    private static byte[] Sweep(RobustnessResult result, int index)
    {
        var first = result.Runs[0].Sweeps[index];
        return BandChart.Draw(
            $"{Wording.NameOf(result.Score)} against {first.Error.Replace('_', ' ')}", $"{first.Error.Replace('_', ' ')}, {first.Unit}", result.Score,
            [.. result.Runs.Select(run => new Band(run.Name, [(0, run.Nominal[result.Score.Name], run.Nominal[result.Score.Name], run.Nominal[result.Score.Name]), .. run.Sweeps[index].Points.Select(Point)]))]);

        static (double, double, double, double) Point(SweepPoint point) =>
            (point.Amount, point.Mean, point.Interval?.Low ?? point.Mean, point.Interval?.High ?? point.Mean);
    }

    /// <summary>The share of the devices that reach a score, over the score: it falls from all to none, or rises where lower is better, and crosses the threshold at the yield.</summary>
    private static byte[] Yield(RobustnessResult result)
    {
        var bands = result.Runs.Where(run => run.Yield is not null).Select(run => new Band(run.Name, [.. Reaching(run.Yield!.Scores)]));
        return BandChart.Draw("Share of the devices that reach a score", Wording.InSentence(result.Score), result.Score, [.. bands], result.Runs[0].Yield?.Threshold, steps: true);

        IEnumerable<(double, double, double, double)> Reaching(double[] scores)
        {
            var ascending = scores.Order().ToArray();
            for (var i = 0; i < ascending.Length; i++)
            {
                var (before, after) = (Share(i), Share(i + 1));
                yield return (ascending[i], before, before, before);
                yield return (ascending[i], after, after, after);
            }

            double Share(int below) => (double)(result.Score.HigherIsBetter ? ascending.Length - below : below) / ascending.Length;
        }
    }
}
