using System.Globalization;
using System.Text;

namespace OpticalQAT.Studies.Robustness;

/// <summary><c>robustness.csv</c>: a line for each device, for whoever wants to draw or to test something else.</summary>
public static class RobustnessCsv
{
    /// <summary>The table as text.</summary>
    public static string Write(RobustnessResult result)
    {
        var text = new StringBuilder("run,part,error,strength,amount,unit,device,score\n");
        foreach (var run in result.Runs)
        {
            Line(run.Name, "nominal", "", "", "", "", "", run.Nominal[result.Score.Name]);
            foreach (var sweep in run.Sweeps)
            {
                foreach (var point in sweep.Points)
                {
                    foreach (var (device, score) in point.Scores.Index())
                        Line(run.Name, "sweep", sweep.Error, Number(point.Strength), Number(point.Amount), sweep.Unit, $"{device}", score);
                }
            }
            foreach (var (device, score) in (run.Yield?.Scores ?? []).Index())
                Line(run.Name, "yield", "together", "1", "", "", $"{device}", score);
        }
        return text.ToString();

        void Line(string run, string part, string error, string strength, string amount, string unit, string device, double score) =>
            text.AppendJoin(',', Quoted(run), part, error, strength, amount, Quoted(unit), device, Number(score)).Append('\n');
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Quoted(string text) => text.AsSpan().ContainsAny(",\"\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
