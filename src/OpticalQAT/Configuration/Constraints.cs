namespace OpticalQAT.Configuration;

/// <summary>A bound on a number or quantity; quantities are compared by their SI value.</summary>
public abstract class BoundAttribute : Attribute
{
    /// <summary>Whether the value keeps the bound.</summary>
    public abstract bool Allows(double value);

    /// <summary>What is expected, as it reads after "must be ": <c>at least 1</c>.</summary>
    public abstract string Expectation { get; }
}

/// <summary>The value must be at least the limit.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AtLeastAttribute(double limit) : BoundAttribute
{
    public double Limit { get; } = limit;
    public override bool Allows(double value) => value >= Limit;
    public override string Expectation => $"at least {Limit}";
}

/// <summary>The value must be at most the limit.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AtMostAttribute(double limit) : BoundAttribute
{
    public double Limit { get; } = limit;
    public override bool Allows(double value) => value <= Limit;
    public override string Expectation => $"at most {Limit}";
}

/// <summary>The value must be greater than the limit.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AboveAttribute(double limit) : BoundAttribute
{
    public double Limit { get; } = limit;
    public override bool Allows(double value) => value > Limit;
    public override string Expectation => $"greater than {Limit}";
}

/// <summary>The value must be less than the limit.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BelowAttribute(double limit) : BoundAttribute
{
    public double Limit { get; } = limit;
    public override bool Allows(double value) => value < Limit;
    public override string Expectation => $"less than {Limit}";
}

/// <summary>
/// A path on this machine. It is written into a run's resolved configuration, but not into a model file, which
/// must not depend on where it was made.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LocalPathAttribute : Attribute;

/// <summary>A rule of a configuration record that one key alone cannot show.</summary>
public interface IChecked
{
    /// <summary>The rules that do not hold; none when all is well.</summary>
    IEnumerable<Problem> Check();
}

/// <summary>A rule that does not hold.</summary>
/// <param name="Key">The key, in snake_case and relative to the record, at which the error is shown; empty for the record itself.</param>
/// <param name="Message">What is wrong, what was expected, and what would be right.</param>
public sealed record Problem(string Key, string Message);
