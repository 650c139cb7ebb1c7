using OpticalQAT.Configuration;
using OpticalQAT.Units;

namespace OpticalQAT.Tests.Configuration;

/// <summary>A bench: a configuration that uses every form that a key can have.</summary>
public sealed record Bench : IChecked
{
    /// <summary>The bench's <c>name</c>, see
    /// <see cref="Configuration.Lamp"/> and <see cref="Rays.Count"/>.</summary>
    public required string Name { get; init; }

    public string? Note { get; init; }

    [AtLeast(0)]
    public int Seed { get; init; } = 1;

    [LocalPath]
    public string Folder { get; init; } = "runs";

    public required Lamp Lamp { get; init; }
    public Rays Rays { get; init; } = new() { Count = 7 };
    public Curve Curve { get; init; } = new Line { To = 3 };
    public Curve? Second { get; init; }
    public Curve[] Curves { get; init; } = [];
    public OneOrMany<Length> Spacing { get; init; } = new Length(0.024);

    public IEnumerable<Problem> Check()
    {
        if (Spacing is { IsOne: false, Values.Count: 0 }) yield return new("spacing", "'spacing' is an empty list; give at least one length");
        if (Rays.Count > 100 && Seed == 0) yield return new("rays.count", "more than 100 rays need a seed; write 'seed: 1'");
    }
}

public enum Polarisation
{
    None,
    LeftCircular,
    RightCircular,
}

public sealed record Lamp
{
    [Above(0), Below(1e-3)]
    public required Length Wavelength { get; init; }

    public Angle Tilt { get; init; } = new(0.5);
    public bool Coherent { get; init; } = true;
    public Polarisation Polarisation { get; init; }
}

public sealed record Rays
{
    [AtLeast(1)]
    public int Count { get; init; } = 5;

    public long Budget { get; init; } = 10_000_000_000;

    [AtMost(1)]
    public double[] Weights { get; init; } = [0.5, 1e-7];

    public int[][] Pairs { get; init; } = [[1, 2], [3]];
    public double? Limit { get; init; }
    public string?[] Labels { get; init; } = [];
}

/// <summary>How a value runs.</summary>
[Family("curve")]
public abstract record Curve : Variant
{
    public double From { get; init; }
}

/// <summary>A straight line.</summary>
[Kind("straight_line")]
public sealed record Line : Curve
{
    public required double To { get; init; }
}

[Kind("cosine")]
public sealed record Cosine : Curve
{
    public double To { get; init; } = 1;
    public int Cycles { get; init; } = 1;
}

[Kind("constant")]
public sealed record Flat : Curve;
