using OpticalQAT.Configuration;
using OpticalQAT.Units;

namespace OpticalQAT.Models.Perturbations;

/// <summary>Every printed pixel is a little too high or too low, each by itself or, with a correlation length, together with its neighbours.</summary>
[Kind("height_error")]
public sealed record HeightError : LayerError, IChecked
{
    /// <summary>The meaning of the amount.</summary>
    public ErrorDistribution Distribution { get; init; } = ErrorDistribution.Normal;

    /// <summary>The error's standard deviation, its bound, or its size, as the distribution has it.</summary>
    [AtLeast(0), AtMost(1)]
    public required Length Amount { get; init; }

    /// <summary>The distance over which the correlation of two pixels' errors falls to 1/e, as exp(-(r/length)²); 0 leaves them independent. Needs the normal distribution.</summary>
    [AtLeast(0), AtMost(1000)]
    public Length CorrelationLength { get; init; }

    /// <inheritdoc/>
    public override ErrorSize Size => ErrorSize.Of(Amount);

    /// <inheritdoc/>
    public override void AddTo(DeviceErrors device, double strength, Draw draw)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var masks = device.Masks;
        var errors = draw.Numbers(Distribution, masks.Shape);
        if (CorrelationLength.Metres > 0)
        {
            var smooth = Resampling.Correlation(CorrelationLength.Metres / masks.PrintedPitch, (int)masks.Shape[^1]).to(errors.dtype);
            errors = smooth.matmul(errors).matmul(smooth.transpose(-1, -2));
        }
        masks.AddHeights(OnChosen(errors * (Amount.Metres * strength)));
    }

    /// <inheritdoc/>
    public IEnumerable<Problem> Check()
    {
        if (CorrelationLength.Metres > 0 && Distribution != ErrorDistribution.Normal)
            yield return new Problem("correlation_length", "correlated errors are normally distributed; write distribution: normal, or leave the correlation length at 0");
    }
}
