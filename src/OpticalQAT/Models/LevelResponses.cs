using OpticalQAT.Optics;
using OpticalQAT.Optics.Fast;
using OpticalQAT.Quantization;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>
/// The values that a mask interpolates between its levels: along the chord their complex transmissions; along the height their
/// phases and losses, which are straight lines in the height, and of which the transmission follows.
/// </summary>
/// <param name="Heights">float64, metres.</param>
/// <param name="Phases">float64, radians.</param>
/// <param name="Losses">float64, minus the logarithm of the amplitude; null where nothing is lost.</param>
/// <param name="Transmissions">complex64.</param>
/// <param name="Formula">The material that they follow from; null where they were measured.</param>
internal sealed record LevelResponses(LevelValues Heights, LevelValues Phases, LevelValues? Losses, LevelValues Transmissions, Material? Formula = null)
{
    /// <summary>The responses of levels that are learnt, with their gradient.</summary>
    /// <param name="material">What they are printed in.</param>
    /// <param name="heights">float64, [masks, N], metres.</param>
    /// <param name="period">The height after which the circle closes; null for tables that do not close.</param>
    public static LevelResponses Of(Material material, Tensor heights, double? period)
    {
        var closes = period is not null;
        var phases = heights * material.PhasePerMetre;
        var losses = material.AttenuationPerMetre > 0 ? heights * material.AttenuationPerMetre : null;
        return new(
            Around(heights, period ?? 0, closes),
            Around(phases, 2 * Math.PI * Math.Sign(material.PhasePerMetre), closes),
            losses is null ? null : Around(losses, 0, closes),
            Around(Wave(phases, losses), 0, closes),
            material);
    }

    /// <summary>The complex transmission of soft indices.</summary>
    /// <returns>complex64.</returns>
    public Tensor Transmission(SoftIndex index, GradientDomain gradient)
    {
        using var scope = NewDisposeScope();
        // What is free has no chord.
        var (place, isAlongChord) = index is FreeIndex free ? (free.Place, false) : (index, gradient == GradientDomain.Transmission);
        if (Formula is { } material && CellTransmission.Takes(place))
        {
            return (isAlongChord
                ? CellTransmission.BetweenTransmissions((CellIndex)place, Transmissions)
                : CellTransmission.BetweenHeights((CellIndex)place, Heights, material)).MoveToOuterDisposeScope();
        }
        return (isAlongChord ? place.Interpolate(Transmissions with { Free = AlongHeight }) : AlongHeight(place)).MoveToOuterDisposeScope();
    }

    private Tensor AlongHeight(SoftIndex index) => Wave(index.Interpolate(Phases), Losses is null ? null : index.Interpolate(Losses));

    private static Tensor Wave(Tensor phase, Tensor? loss)
    {
        using var scope = NewDisposeScope();
        var t = PhasorFunction.Apply(phase);
        if (loss is not null)
            t = t * loss.neg().exp();
        return t.to(ScalarType.ComplexFloat32).MoveToOuterDisposeScope();
    }

    private static LevelValues Around(Tensor starts, double wave, bool closes)
    {
        var above = starts.slice(1, 1, starts.shape[1], 1);
        return new(starts, closes ? cat([above, wave == 0 ? starts.slice(1, 0, 1, 1) : starts.slice(1, 0, 1, 1) + wave], 1) : above);
    }
}
