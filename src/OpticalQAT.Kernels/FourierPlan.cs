using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace OpticalQAT.Kernels;

/// <summary>One pass over a line: butterflies of <paramref name="Radix"/> points that lie <paramref name="Span"/> apart.</summary>
/// <param name="Radix">Points per butterfly: 2, 3, 4, 5, 6 or 8.</param>
/// <param name="Span">Distance of the points, and the number of butterflies in a block.</param>
/// <param name="Blocks">Blocks of Radix·Span points, one behind the other; Radix·Span·Blocks is the length of the line.</param>
/// <param name="Factors">The offset of the pass's factors in <see cref="FourierPlan.Factors"/>, in floats.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FourierPass(int Radix, int Span, int Blocks, int Factors);

/// <summary>
/// A Fourier transform of one length as a list of passes. The forward transform runs them in order by decimation in frequency
/// and leaves the spectrum in the order of <see cref="Frequencies"/>; the inverse runs them backwards by decimation in time
/// and takes that order, so that nothing is ever reordered.
/// </summary>
/// <remarks>
/// Lengths 2ᵃ·3ᵇ·5ᶜ. Invariants: spans fall to 1; the first pass has radix 4 where the length allows, which is what the zero
/// half of a padded line is skipped in (<see cref="LineTransform{T}"/>); every length has at least two passes.
/// </remarks>
internal sealed class FourierPlan
{
    // Nanoseconds per point of 8 lanes (AVX2, 3 GHz); they only choose between plans.
    private static readonly (int Radix, double Cost)[] Radices =
        [(4, 1.05), (8, 1.8), (6, 1.4), (5, 1.55), (3, 1.1), (2, 0.8)];

    // The last pass is fused with the transfer function, which the registers hold up to radix 5.
    private static readonly (int Radix, double Cost)[] LastRadices = [(4, 0.95), (5, 1.55), (3, 1.0), (2, 0.8)];

    // Immutable, and wanted again for every transfer function that changes from step to step.
    private static readonly ConcurrentDictionary<int, FourierPlan?> Plans = new();

    /// <summary>Makes a plan of given radices, whose product is the length.</summary>
    internal FourierPlan(int length, int[] radices)
    {
        Length = length;
        Passes = new FourierPass[radices.Length];
        var factors = new List<float>();
        for (int i = 0, span = length; i < radices.Length; i++)
        {
            var size = span;
            span /= radices[i];
            Passes[i] = new(radices[i], span, length / size, factors.Count);
            for (var j = 0; j < span; j++)
            {
                for (var k = 1; k < radices[i]; k++)
                {
                    var (sin, cos) = Math.SinCos(-2 * Math.PI * j * k / size);
                    factors.Add((float)cos);
                    factors.Add((float)sin);
                }
            }
        }
        Factors = new AlignedBuffer(factors.Count);
        CollectionsMarshal.AsSpan(factors).CopyTo(Factors.Span);
        Frequencies = [.. Enumerable.Range(0, length).Select(FrequencyAt)];
    }

    /// <summary>The number of points.</summary>
    public int Length { get; }

    /// <summary>The passes in forward order.</summary>
    public FourierPass[] Passes { get; }

    /// <summary>The factors exp(-2πi·jk/(Radix·Span)) of each pass, for j = 0 … Span-1 and within it k = 1 … Radix-1, interleaved.</summary>
    public AlignedBuffer Factors { get; }

    /// <summary>For each position of the transformed line the index of the frequency that lies there.</summary>
    public int[] Frequencies { get; }

    /// <summary>Returns the plan of a length, or null for one that has other prime factors than 2, 3 and 5, or below 8.</summary>
    public static FourierPlan? TryCreate(int length) =>
        Plans.GetOrAdd(length, static length => Cheapest(length) is { } cheapest ? new(length, cheapest.Radices) : null);

    /// <summary>Returns the estimated cost of one point of a line of this length, or infinity where there is no plan.</summary>
    public static double CostPerPoint(int length) => Cheapest(length)?.Cost ?? double.PositiveInfinity;

    private static (double Cost, int[] Radices)? Cheapest(int length)
    {
        (double Cost, int[] Radices)? best = null;
        foreach (var (last, lastCost) in LastRadices)
        {
            if (length < 2 * last || length % last != 0)
                continue;
            var rest = length / last;
            var leading = rest % 4 == 0 ? 4 : 1;
            if (Factorize(rest / leading) is { } middle && !(middle.Cost + lastCost >= best?.Cost))
                best = (middle.Cost + lastCost, leading == 4 ? [4, .. middle.Radices, last] : [.. middle.Radices, last]);
        }
        return best is { } found && found.Radices[0] == 4 ? (found.Cost + 0.9, found.Radices) : best;
    }

    private static (double Cost, int[] Radices)? Factorize(int length)
    {
        if (length == 1)
            return (0, []);
        (double Cost, int[] Radices)? best = null;
        foreach (var (radix, cost) in Radices)
        {
            if (length % radix == 0 && Factorize(length / radix) is { } rest && !(rest.Cost + cost >= best?.Cost))
                best = (rest.Cost + cost, [.. rest.Radices, radix]);
        }
        return best;
    }

    private int FrequencyAt(int position)
    {
        var (frequency, stride) = (0, 1);
        foreach (var pass in Passes)
        {
            frequency += position / pass.Span * stride;
            position %= pass.Span;
            stride *= pass.Radix;
        }
        return frequency;
    }
}
