using System.Text.RegularExpressions;

namespace OpticalQAT.Data;

/// <summary>The name of a file in the MNIST family, taken apart: <c>emnist-letters-train-images-idx3-ubyte.gz</c>.</summary>
/// <param name="Name">The whole of it.</param>
/// <param name="Prefix">The set, <c>emnist-letters</c>; empty for MNIST.</param>
/// <param name="Split"><c>train</c>, <c>t10k</c> or <c>test</c>.</param>
/// <param name="What"><c>images</c> or <c>labels</c>.</param>
/// <param name="IsPacked">Whether it ends with .gz.</param>
/// <param name="HasDot">Whether a dot stands where others have a dash: <c>train-images.idx3-ubyte</c>.</param>
internal sealed partial record IdxName(string Name, string Prefix, string Split, string What, bool IsPacked, bool HasDot) : IComparable<IdxName>
{
    /// <summary>The parts of a name; null where it is another file. What a Mac leaves beside a file, <c>._NAME</c>, is another file.</summary>
    public static IdxName? Parse(string name) => Form().Match(name) is { Success: true } match
        ? new(name, match.Groups["prefix"].Value, match.Groups["split"].Value, match.Groups["what"].Value, match.Groups["packed"].Success, match.Groups["mark"].Value is ".")
        : null;

    /// <summary>Compares two spellings; the one that is read comes first: the dash before the dot, then what is not packed.</summary>
    public int CompareTo(IdxName? other) => other is null ? 1 : (HasDot, IsPacked, string.CompareOrdinal(Name, other.Name)).CompareTo((other.HasDot, other.IsPacked, 0));

    [GeneratedRegex(@"^(?:(?<prefix>[^.].*)-)?(?<split>train|t10k|test)-(?<what>images|labels)(?<mark>[-.])idx[1-9]-(?:ubyte|byte|short|int)(?<packed>\.gz)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
