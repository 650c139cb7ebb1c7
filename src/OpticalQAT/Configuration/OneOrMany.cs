namespace OpticalQAT.Configuration;

/// <summary>
/// A value that the user may write once for all places, or as a list with one element for each:
/// <c>between: 24 mm</c> or <c>between: [24 mm, 30 mm]</c>. Equal when both form and elements are.
/// </summary>
public readonly struct OneOrMany<T> : IEquatable<OneOrMany<T>>
{
    private readonly T[]? _values;

    /// <summary>One value for all places.</summary>
    public OneOrMany(T value) => (_values, IsOne) = ([value], true);

    /// <summary>One value for each place.</summary>
    public OneOrMany(T[] values) => _values = values;

    /// <summary>Whether the one value holds for all places.</summary>
    public bool IsOne { get; }

    /// <summary>The values as they were written: one element when <see cref="IsOne"/>.</summary>
    public IReadOnlyList<T> Values => _values ?? [];

    /// <summary>Whether the values fill that many places.</summary>
    public bool Fits(int count) => IsOne || Values.Count == count;

    /// <summary>One value for each of <paramref name="count"/> places.</summary>
    /// <exception cref="ArgumentException">The list has another length (<see cref="Fits"/> asks first).</exception>
    public T[] Expand(int count)
    {
        if (!Fits(count))
            throw new ArgumentException($"{count} values are needed, but the list has {Values.Count}", nameof(count));
        return IsOne ? [.. Enumerable.Repeat(Values[0], count)] : [.. Values];
    }

    public static implicit operator OneOrMany<T>(T value) => new(value);
    public static implicit operator OneOrMany<T>(T[] values) => new(values);
    public static bool operator ==(OneOrMany<T> left, OneOrMany<T> right) => left.Equals(right);
    public static bool operator !=(OneOrMany<T> left, OneOrMany<T> right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(OneOrMany<T> other) => IsOne == other.IsOne && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is OneOrMany<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (var value in Values)
            hash.Add(value);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => IsOne ? $"{Values[0]}" : $"[{string.Join(", ", Values)}]";
}
