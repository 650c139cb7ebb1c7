using OpticalQAT.Configuration;
using OpticalQAT.Units;

namespace OpticalQAT.Optics;

/// <summary>The dependence of a refractive index on the wavelength.</summary>
[Family("dispersion")]
public abstract record DispersionKind : Variant
{
    /// <summary>The index at a wavelength, and the extinction coefficient where it is known; null where the dispersion says nothing.</summary>
    /// <param name="wavelength">In vacuum; one of which <see cref="ProblemAt"/> finds nothing wrong.</param>
    public abstract RefractiveIndex? At(Length wavelength);

    /// <summary>The reason why the index at a wavelength is unknown, with the remedy; null where it is known.</summary>
    public abstract string? ProblemAt(Length wavelength);
}

/// <summary>A complex refractive index n+iκ.</summary>
/// <param name="Index">The real part n.</param>
/// <param name="Extinction">The extinction coefficient κ; null where it is not known.</param>
public readonly record struct RefractiveIndex(double Index, double? Extinction);

/// <summary>The same index at every wavelength: that which is given beside it.</summary>
[Kind("none")]
public sealed record NoDispersion : DispersionKind
{
    /// <inheritdoc/>
    public override RefractiveIndex? At(Length wavelength) => null;

    /// <inheritdoc/>
    public override string? ProblemAt(Length wavelength) => null;
}

/// <summary>
/// The Sellmeier equation n² = 1 + Σ B·λ²/(λ²-λ_r²), with a strength B and a resonance λ_r in each term. Where a source
/// lists C in µm² instead, the resonance is the root of C.
/// </summary>
[Kind("sellmeier")]
public sealed record SellmeierDispersion : DispersionKind
{
    /// <summary>The terms of the sum.</summary>
    public required SellmeierTerm[] Terms { get; init; }

    /// <inheritdoc/>
    public override RefractiveIndex? At(Length wavelength) => new(Math.Sqrt(Squared(wavelength)), null);

    /// <inheritdoc/>
    public override string? ProblemAt(Length wavelength) => Squared(wavelength) is >= 1 and <= 100
        ? null
        : $"the Sellmeier equation gives n² = {Squared(wavelength):0.###} at {wavelength}, which is no index from 1 to 10; check its terms, or use a wavelength away from the resonances";

    private double Squared(Length wavelength) => 1 + Terms.Sum(term =>
        term.Strength / (1 - Math.Pow(term.Resonance / wavelength, 2)));
}

/// <summary>A term of the Sellmeier equation.</summary>
public sealed record SellmeierTerm
{
    /// <summary>The strength, B.</summary>
    [AtLeast(-1000), AtMost(1000)]
    public required double Strength { get; init; }

    /// <summary>The resonance wavelength, λ_r.</summary>
    [AtLeast(0), AtMost(10)]
    public required Length Resonance { get; init; }
}

/// <summary>A table of measured values; between two of them straight lines are drawn, and beyond them nothing is said.</summary>
[Kind("table")]
public sealed record TabulatedDispersion : DispersionKind, IChecked
{
    /// <summary>The values, by ascending wavelength.</summary>
    public required TabulatedIndex[] Values { get; init; }

    /// <inheritdoc/>
    public override RefractiveIndex? At(Length wavelength)
    {
        var below = Array.FindLastIndex(Values, value => value.Wavelength <= wavelength);
        var above = Math.Clamp(below + 1, 1, Values.Length - 1);
        var (low, high) = (Values[above - 1], Values[above]);
        var share = (wavelength - low.Wavelength) / (high.Wavelength - low.Wavelength);
        return new(low.Index + share * (high.Index - low.Index), low.Extinction + share * (high.Extinction - low.Extinction));
    }

    /// <inheritdoc/>
    public override string? ProblemAt(Length wavelength) =>
        wavelength >= Values[0].Wavelength && wavelength <= Values[^1].Wavelength
            ? null
            : $"the table goes from {Values[0].Wavelength} to {Values[^1].Wavelength} and says nothing of {wavelength}; add a value beyond it";

    /// <inheritdoc/>
    public IEnumerable<Problem> Check()
    {
        if (Values.Length < 2)
            yield return new Problem("values", $"a table needs at least two values, but this one has {Values.Length}; for one index at every wavelength leave the dispersion out");
        for (var i = 1; i < Values.Length; i++)
        {
            if (Values[i].Wavelength <= Values[i - 1].Wavelength)
                yield return new Problem($"values.{i}.wavelength", $"{Values[i].Wavelength} does not lie above the value before, {Values[i - 1].Wavelength}; list the wavelengths in ascending order, each once");
        }
    }
}

/// <summary>A value of a table of indices.</summary>
public sealed record TabulatedIndex
{
    /// <summary>The wavelength in vacuum.</summary>
    [AtLeast(1e-12), AtMost(10), OrFrequency]
    public required Length Wavelength { get; init; }

    /// <summary>The refractive index there.</summary>
    [AtLeast(1), AtMost(10)]
    public required double Index { get; init; }

    /// <summary>The extinction coefficient there; left out where the key beside the dispersion gives it for every wavelength.</summary>
    [AtLeast(0), AtMost(10)]
    public double? Extinction { get; init; }
}
