namespace OpticalQAT.Data;

/// <summary>
/// The SplitMix64 generator: a counter that steps by the golden ratio, and a mixer that makes each count look random
/// (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014). Integer arithmetic only,
/// so the same seed gives the same numbers on every machine and in every version of .NET.
/// </summary>
/// <param name="seed">Any number; neighbouring seeds give unrelated sequences.</param>
/// <remarks>A struct that changes as it is used: pass it by <c>ref</c>, or the callee draws from a copy.</remarks>
public struct SplitMix64(long seed)
{
    private const ulong GoldenRatio = 0x9E3779B97F4A7C15;

    private ulong _state = (ulong)seed;

    /// <summary>The next 64 random bits.</summary>
    public ulong Next()
    {
        _state += GoldenRatio;
        return Mix(_state);
    }

    /// <summary>A number in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1L << 53));

    /// <summary>A number in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double NextUniform(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>A whole number in [0, <paramref name="bound"/>), every one equally likely.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public long NextBelow(long bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);

        // The high half of bits × bound is the number. 2⁶⁴ mod bound of the low halves would come up once too
        // often (Lemire, ACM TOMACS 29, 2019), so those are drawn again.
        var surplus = unchecked(0 - (ulong)bound) % (ulong)bound;
        while (true)
        {
            var number = Math.BigMul(Next(), (ulong)bound, out var low);
            if (low >= surplus)
                return (long)number;
        }
    }

    /// <summary>SplitMix64's mixer, a bijection in which every bit of the result depends on every bit of the input.</summary>
    internal static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
