using System.Text;

namespace OpticalQAT.Data;

/// <summary>
/// Turns the one seed of an experiment into as many unrelated seeds as it has uses for chance. A use that is added or
/// left out then changes no other, and any of them can be drawn again without replaying those before it.
/// </summary>
public static class Seeds
{
    private const ulong FnvOffset = 0xCBF29CE484222325;
    private const ulong FnvPrime = 0x00000100000001B3;

    /// <summary>The seed of one use of chance. The values never change: recorded runs depend on them.</summary>
    /// <param name="seed">The experiment's or the dataset's seed.</param>
    /// <param name="purpose">The purpose of the numbers, such as <c>order/quantized</c>.</param>
    /// <param name="a">The first index, such as the epoch.</param>
    /// <param name="b">The second index, such as the step.</param>
    /// <returns>Any 64-bit number, negative ones included.</returns>
    /// <remarks>
    /// The 64-bit FNV-1a hash of the purpose's UTF-8 bytes, then a, then b are each absorbed into the mixed seed:
    /// state ← mix(mix(state) + value), with the mixer of <see cref="SplitMix64"/>. The inner mix keeps neighbouring
    /// values of two arguments from cancelling each other.
    /// </remarks>
    public static long Derive(long seed, string purpose, long a = 0, long b = 0)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        var state = (ulong)seed;
        foreach (var value in (ReadOnlySpan<ulong>)[Hash(purpose), (ulong)a, (ulong)b])
            state = SplitMix64.Mix(unchecked(SplitMix64.Mix(state) + value));
        return (long)state;
    }

    private static ulong Hash(string text)
    {
        var hash = FnvOffset;
        foreach (var octet in Encoding.UTF8.GetBytes(text))
            hash = unchecked((hash ^ octet) * FnvPrime);
        return hash;
    }
}
