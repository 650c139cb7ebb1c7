namespace OpticalQAT.Units;

/// <summary>
/// A quantity that has a unit: its value in SI units, for bounds and arithmetic. A quantity's type is a record with
/// one component, that value, and its text carries the unit.
/// </summary>
public interface IQuantity
{
    /// <summary>The value in the SI unit of its dimension.</summary>
    double SI { get; }

    /// <summary>A regular expression for the texts that can be read, in what JSON Schema and .NET have in common.</summary>
    static abstract string Pattern { get; }
}
