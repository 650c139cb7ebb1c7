namespace OpticalQAT.Reports.Drawing;

/// <summary>A linear axis with ticks at 1, 2 or 5 times a power of ten, about as many as asked for.</summary>
internal sealed class Axis
{
    private Axis(double low, double high, double step)
    {
        Low = low;
        High = high;
        Ticks = [.. Enumerable.Range(0, (int)Math.Round((high - low) / step) + 1).Select(i => Math.Round(low + (i * step), 12))];
        Decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));
    }

    /// <summary>The value at the axis' start.</summary>
    public double Low { get; }

    /// <summary>The value at the axis' end.</summary>
    public double High { get; }

    /// <summary>The values to be labelled, ascending, from the first to the last value of the axis.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>The number of digits after the point that the ticks need.</summary>
    public int Decimals { get; }

    /// <summary>An axis that reaches over the values; one value alone, or none, gets room around it.</summary>
    public static Axis Over(IEnumerable<double> values, int ticks = 5)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var (low, high) = (finite.Min(), finite.Max());
        if (high - low <= 1e-9 * Math.Max(Math.Abs(low), Math.Abs(high)))
            (low, high) = low == 0 ? (0, 1) : (low - (Math.Abs(low) / 10), high + (Math.Abs(high) / 10));

        var rough = (high - low) / ticks;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * ((rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        return new Axis(Math.Floor((low / step) + 1e-9) * step, Math.Ceiling((high / step) - 1e-9) * step, step);
    }

    /// <summary>The position of a value, 0 at the start, 1 at the end.</summary>
    public double Position(double value) => (value - Low) / (High - Low);
}
