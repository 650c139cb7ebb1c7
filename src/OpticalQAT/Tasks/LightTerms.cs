using OpticalQAT.Configuration;
using OpticalQAT.Optics;
using OpticalQAT.Schedules;
using static TorchSharp.torch;

namespace OpticalQAT.Tasks;

/// <summary>
/// Terms added to the cross-entropy of a classifier, so that it does not throw the light away: normalised scores are
/// the same however little arrives. Each term is null where it plays no part.
/// </summary>
public sealed record LightTerms
{
    /// <summary>Asks for more of the light in the detector regions.</summary>
    public EfficiencyTerm? Efficiency { get; init; }

    /// <summary>Asks for a right class that stands clearly before the next.</summary>
    public ContrastTerm? Contrast { get; init; }

    /// <summary>The terms, weighted and added up; null where there are none.</summary>
    /// <param name="light">The light that the detector saw.</param>
    /// <param name="targets">int64, [B], the right classes.</param>
    /// <param name="progress">The progress of training, from 0 to 1.</param>
    /// <returns>[B].</returns>
    public Tensor? Of(DetectedLight light, Tensor targets, double progress)
    {
        using var scope = NewDisposeScope();
        LightTerm?[] terms = [Efficiency, Contrast];
        return terms.OfType<LightTerm>().Select(term => term.Weight * term.Schedule.At(progress) * term.Penalty(light, targets))
            .Aggregate((Tensor?)null, (sum, term) => sum is null ? term : sum + term)?.MoveToOuterDisposeScope();
    }
}

/// <summary>The light of a batch that a detector saw.</summary>
/// <param name="Detector">The detector.</param>
/// <param name="Powers">[B, regions].</param>
/// <param name="Signals">[B, classes].</param>
/// <param name="Entered">[B], the power that entered.</param>
public sealed record DetectedLight(DetectorKind Detector, Tensor Powers, Tensor Signals, Tensor Entered);

/// <summary>A term of the loss, with a weight that may follow training.</summary>
public abstract record LightTerm
{
    /// <summary>The factor of the term before it is added to the cross-entropy.</summary>
    [AtLeast(1e-9), AtMost(1e6)]
    public required double Weight { get; init; }

    /// <summary>The factor of the weight over the phase.</summary>
    [AtLeast(0), AtMost(1e6)]
    public Schedule Schedule { get; init; } = new Constant();

    /// <summary>The term of each example, without its weight: 0 where nothing more is asked for.</summary>
    /// <returns>[B].</returns>
    public abstract Tensor Penalty(DetectedLight light, Tensor targets);
}

/// <summary>max(0, ln(target/η)), where η is the power in the detector regions over the power that entered: halving the light costs ln 2, wherever one stands.</summary>
public sealed record EfficiencyTerm : LightTerm
{
    // Darkness is bad enough: below a millionth the penalty grows no further.
    private const double Least = 1e-6;

    /// <summary>The efficiency at which the term falls silent; 1 always asks for more.</summary>
    [Above(0), AtMost(1)]
    public double Target { get; init; } = 1;

    /// <inheritdoc/>
    public override Tensor Penalty(DetectedLight light, Tensor targets)
    {
        using var scope = NewDisposeScope();
        var efficiency = light.Powers.sum(1) / light.Entered.clamp(min: float.Epsilon);
        return (Math.Log(Target) - efficiency.clamp(min: Least).log()).clamp(min: 0).MoveToOuterDisposeScope();
    }
}

/// <summary>max(0, target - c), where c is the contrast of the right class before the strongest of the others, negative where that one wins.</summary>
public sealed record ContrastTerm : LightTerm
{
    /// <summary>The contrast at which the term falls silent; 1 always asks for more.</summary>
    [Above(0), AtMost(1)]
    public double Target { get; init; } = 1;

    /// <inheritdoc/>
    public override Tensor Penalty(DetectedLight light, Tensor targets)
    {
        using var scope = NewDisposeScope();
        var column = targets.unsqueeze(1);
        var others = light.Signals.detach().scatter(1, column, full_like(column, float.NegativeInfinity, dtype: light.Signals.dtype));
        var contrast = light.Detector.Contrast(light.Powers, targets, others.argmax(1));
        return (Target - contrast).clamp(min: 0).MoveToOuterDisposeScope();
    }
}
