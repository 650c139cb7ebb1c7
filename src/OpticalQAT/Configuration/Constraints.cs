using OpticalQAT.Units;

namespace OpticalQAT.Configuration;

/// <summary>
/// A bound on a number or quantity; quantities are compared by their SI value. On a list it holds for every element, on
/// what runs through values (<see cref="IRanging"/>) for each of them.
/// </summary>
/// <param name="relation">How value and limit compare, as it reads after "must be ".</param>
/// <param name="limit">The limit, for quantities in SI units.</param>
public abstract class BoundAttribute(string relation, double limit) : Attribute
{
    /// <summary>The limit, for quantities in SI units.</summary>
    public double Limit { get; } = limit;

    /// <summary>Whether the value keeps the bound.</summary>
    public abstract bool Allows(double value);

    /// <summary>The expectation, as it reads after "must be ": <c>at least 1</c>.</summary>
    public string Expectation => $"{relation} {Limit}";

    /// <summary>The same for a value of that type; a quantity's limit is written with its unit: <c>at least 1 um</c>.</summary>
    public string ExpectationFor(Type type) =>
        Limit != 0 && type.IsAssignableTo(typeof(IQuantity)) ? $"{relation} {Activator.CreateInstance(type, Limit)}" : Expectation;
}

/// <summary>The value must be at least the limit.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AtLeastAttribute(double limit) : BoundAttribute("at least", limit)
{
    /// <inheritdoc/>
    public override bool Allows(double value) => value >= Limit;
}

/// <summary>The value must be at most the limit.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AtMostAttribute(double limit) : BoundAttribute("at most", limit)
{
    /// <inheritdoc/>
    public override bool Allows(double value) => value <= Limit;
}

/// <summary>The value must be greater than the limit.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AboveAttribute(double limit) : BoundAttribute("greater than", limit)
{
    /// <inheritdoc/>
    public override bool Allows(double value) => value > Limit;
}

/// <summary>The value must be less than the limit.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BelowAttribute(double limit) : BoundAttribute("less than", limit)
{
    /// <inheritdoc/>
    public override bool Allows(double value) => value < Limit;
}

/// <summary>
/// A path on this machine, in which <c>~</c> and environment variables stand for what they mean (<see cref="LocalPath"/>). It is written into a run's resolved configuration, but not into a model file, which
/// must not depend on where it was made.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LocalPathAttribute : Attribute;

/// <summary>A wavelength in vacuum: a frequency may be written in its place.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OrFrequencyAttribute : Attribute;

/// <summary>A value that runs through several, as a schedule does: bounds where it stands hold for each of them.</summary>
public interface IRanging
{
    /// <summary>The lowest and the highest of them.</summary>
    (double Lowest, double Highest) Range { get; }
}

/// <summary>A rule of a configuration record that one key alone cannot show.</summary>
public interface IChecked
{
    /// <summary>The rules that do not hold; none when all is well. Asked only when every value below is valid.</summary>
    IEnumerable<Problem> Check();
}

/// <summary>A rule that does not hold.</summary>
/// <param name="Key">
/// The key, in snake_case and relative to the record, at which the error is shown: <c>count</c>, <c>levels.count</c>;
/// empty for the record itself.
/// </param>
/// <param name="Message">What is wrong, what was expected, and what would be right; it is shown as it stands.</param>
public sealed record Problem(string Key, string Message);
