using OpticalQAT.Reports.Drawing;

namespace OpticalQAT.Reports;

/// <summary>The style of a curve: the result plainly, what explains it more quietly.</summary>
internal enum CurveStyle
{
    Main,
    Second,
    Dashed,
}

/// <summary>One curve; points in the order of x, x counted in epochs from 1 over all phases.</summary>
internal sealed record Curve(string Name, CurveStyle Style, IReadOnlyList<(double X, double Y)> Points);

/// <summary>One set of axes.</summary>
/// <param name="Title">The title, also the label of y.</param>
/// <param name="Curves">At least one curve of at least one point.</param>
/// <param name="Format">A value of y as text, given how many digits after the point the axis needs.</param>
/// <param name="Epochs">The length of x.</param>
/// <param name="Phases">The phases' names and their first epochs.</param>
internal sealed record LineChart(
    string Title, IReadOnlyList<Curve> Curves, Func<double, int, string> Format, int Epochs, IReadOnlyList<(string Name, int First)> Phases)
{
    private static readonly int[] EpochSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500];

    public Axis Y { get; } = Axis.Over(Curves.SelectMany(c => c.Points).Select(p => p.Y), 4);

    /// <summary>The epochs to be labelled: round numbers, at most eight.</summary>
    public IReadOnlyList<int> EpochTicks { get; } = TicksOf(Epochs);

    /// <summary>A curve cut at the phases: what jumps there is another model, not a step of training.</summary>
    public IEnumerable<IReadOnlyList<(double X, double Y)>> Pieces(Curve curve) =>
        curve.Points.GroupBy(p => Phases.Count(f => f.First <= p.X)).Select(g => g.ToArray());

    /// <summary>The position of an epoch on x, from 0 to 1; half an epoch of room on both sides.</summary>
    public double X(double epoch) => (epoch - 0.5) / Epochs;

    private static int[] TicksOf(int epochs)
    {
        var step = EpochSteps.FirstOrDefault(s => epochs <= 8 * s, 1000);
        return [.. Enumerable.Range(1, epochs).Where(e => e % step == 0)];
    }
}

/// <summary>The curves of a run, the same on the page and in the figure.</summary>
internal static class TrainingCurves
{
    /// <summary>Loss, main metric and learning rate over the epochs; a chart that would be empty is left out.</summary>
    public static IReadOnlyList<LineChart> Of(ReportContent content)
    {
        var epochs = content.Epochs;
        var phases = epochs.Index().Where(e => e.Index == 0 || !string.Equals(epochs[e.Index - 1].Phase, e.Item.Phase, StringComparison.Ordinal))
            .Select(e => (e.Item.Phase, e.Index + 1)).ToArray();
        var metric = Wording.InSentence(content.MainMetric);
        var soft = epochs.Any(e => e.ValidationSoft is not null);

        LineChart Chart(string title, Func<double, int, string> format, params Curve[] curves) =>
            new(title, [.. curves.Where(c => c.Points.Count > 0)], format, epochs.Count, phases);
        Curve Line(string name, CurveStyle style, Func<ReportEpoch, double?> value) =>
            new(name, style, [.. epochs.Index().Where(e => value(e.Item) is { } y && double.IsFinite(y)).Select(e => (e.Index + 1.0, value(e.Item)!.Value))]);

        LineChart[] charts =
        [
            Chart("Loss", Wording.Tick,
                Line("training", CurveStyle.Second, e => e.TrainLoss),
                Line("validation", CurveStyle.Main, e => e.ValidationLoss)),
            Chart($"Validation {metric}", content.MainMetric.IsFraction ? Wording.PercentTick : Wording.Tick,
                Line("soft levels", CurveStyle.Dashed, e => e.ValidationSoft),
                Line(soft ? "at hard levels" : "validation", CurveStyle.Main, e => e.Validation)),
            Chart("Learning rate", Wording.Tick, Line("learning rate", CurveStyle.Main, e => e.LearningRate)),
        ];
        return [.. charts.Where(c => c.Curves.Count > 0)];
    }
}
