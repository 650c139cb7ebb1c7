namespace OpticalQAT.Quantization;

/// <summary>The progress of training: what schedules follow, and what chance follows from.</summary>
/// <param name="Progress">From 0 at the phase's first step to 1 after its last.</param>
/// <param name="Masks">What each mask draws from; where it is left out, from seed 0, and the quantizer is switched on for all pixels.</param>
public sealed record TrainingMoment(double Progress, params IReadOnlyList<MaskMoment> Masks)
{
    /// <summary>That of a mask.</summary>
    public MaskMoment Of(int mask) => mask < Masks.Count ? Masks[mask] : new();

    /// <summary>The same progress, of some of the masks.</summary>
    /// <param name="masks">Their places among all.</param>
    public TrainingMoment Select(IEnumerable<int> masks) => new(Progress, [.. masks.Select(Of)]);
}

/// <summary>The seeds of a mask at a moment of training.</summary>
/// <param name="Seed">Another one for every step and mask. All that is random is drawn from it, so that a run resumes bit for bit.</param>
/// <param name="PhaseSeed">One for every mask, the same all through the phase.</param>
/// <param name="Share">The share of the mask's pixels that the quantizer has been switched on for; the others are free as in full precision.</param>
public readonly record struct MaskMoment(long Seed = 0, long PhaseSeed = 0, double Share = 1)
{
    /// <summary>Seed 0, and the quantizer switched on for all pixels.</summary>
    public MaskMoment() : this(0)
    {
    }
}
