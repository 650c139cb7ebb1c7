using System.Globalization;

namespace OpticalQAT.Benchmarks.Comparison;

/// <summary>The options of a comparison; the defaults are the conditions that the goals are stated for.</summary>
internal sealed record ComparisonOptions
{
    public int[] Points { get; init; } = [128, 200];

    public int Layers { get; init; } = 5;

    public int Batch { get; init; } = 16;

    public double Padding { get; init; } = 2;

    public int Threads { get; init; } = 1;

    public int Repeats { get; init; } = 7;

    public bool Scaling { get; init; }

    public bool Memory { get; init; }

    public bool Json { get; init; }

    /// <summary>Gets the one variant whose peak memory this process is to measure, when it was started for that.</summary>
    public string? MemoryOf { get; init; }

    /// <summary>Reads the command line; says what is wrong with it and returns null.</summary>
    public static ComparisonOptions? Parse(ReadOnlySpan<string> arguments, TextWriter errors)
    {
        var options = new ComparisonOptions();
        try
        {
            for (var i = 0; i < arguments.Length; i++)
            {
                options = arguments[i] switch
                {
                    "--scaling" => options with { Scaling = true },
                    "--memory" => options with { Memory = true },
                    "--json" => options with { Json = true },
                    _ when i + 1 >= arguments.Length => throw new FormatException($"{arguments[i]}: unknown, or its value is missing."),
                    "--n" => options with { Points = [.. arguments[++i].Split(',').Select(Number)] },
                    "--layers" => options with { Layers = Number(arguments[++i]) },
                    "--batch" => options with { Batch = Number(arguments[++i]) },
                    "--threads" => options with { Threads = Number(arguments[++i]) },
                    "--repeats" => options with { Repeats = Number(arguments[++i]) },
                    "--padding" => options with { Padding = double.Parse(arguments[++i], CultureInfo.InvariantCulture) },
                    "--memory-of" => options with { MemoryOf = arguments[++i] },
                    _ => throw new FormatException($"{arguments[i]}: unknown."),
                };
            }
        }
        catch (FormatException e)
        {
            errors.WriteLine(e.Message);
            return null;
        }

        return options;
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number : throw new FormatException($"'{text}' is not a positive whole number.");
}
