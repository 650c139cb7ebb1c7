namespace OpticalQAT.Configuration;

/// <summary>Guesses what a misspelt name was meant to be.</summary>
internal static class Spelling
{
    private const int LongestGuess = 200; // the comparison takes time and memory by the product of the lengths

    /// <summary>
    /// The known name that is nearest to what was written; null when none is near enough for the guess to help.
    /// </summary>
    public static string? Nearest(string written, IEnumerable<string> known)
    {
        if (written.Length > LongestGuess)
            return null;
        var normal = Normal(written);
        return known
            .Select(name => (name, distance: Distance(normal, name)))
            .Where(c => c.distance <= Math.Max(1, c.name.Length / 3) && c.distance < c.name.Length)
            .OrderBy(c => c.distance)
            .Select(c => c.name)
            .FirstOrDefault();
    }

    /// <summary>Names as a message lists them: <c>'a', 'b', 'c'</c>.</summary>
    public static string List(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"'{n}'"));

    /// <summary>The user's text in quotes, on one line and not too long for it.</summary>
    public static string Quote(string written)
    {
        const int Longest = 60;
        var cut = written.Length <= Longest ? written : string.Concat(written.AsSpan(0, Longest), "\u2026");
        return $"'{string.Concat(cut.Select(c => char.IsControl(c) ? ' ' : c))}'";
    }

    // batchSize and batch-size are batch_size in another habit.
    private static string Normal(string text) =>
        text.Any(char.IsLower) ? ConfigurationKey.NameOf(text.Replace('-', '_')) : text.Replace('-', '_').ToLowerInvariant();

    /// <summary>
    /// The number of letters to insert, delete, replace or swap with their neighbour (optimal string alignment,
    /// Damerau 1964).
    /// </summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replace, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
