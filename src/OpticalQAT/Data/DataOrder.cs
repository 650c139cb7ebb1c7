namespace OpticalQAT.Data;

/// <summary>
/// The order in which training meets its examples. It follows from the seed, the phase and the epoch alone, not from
/// how many random numbers were drawn before: a run that resumes in the middle of an epoch asks for the same order
/// again and skips what it has seen.
/// </summary>
public static class DataOrder
{
    /// <summary>All of 0 … count-1, shuffled (Fisher and Yates); every order is equally likely.</summary>
    /// <param name="count">The number of examples.</param>
    /// <param name="seed">The experiment's seed.</param>
    /// <param name="phase">The phase of training, such as <c>quantized</c>; phases have unrelated orders.</param>
    /// <param name="epoch">The epoch in that phase, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static long[] Permutation(long count, long seed, string phase, long epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var order = new long[count];
        for (var i = 0L; i < count; i++)
            order[i] = i;

        var random = new SplitMix64(Seeds.Derive(seed, "order/" + phase, epoch));
        for (var i = count - 1; i > 0; i--)
        {
            var j = random.NextBelow(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}
