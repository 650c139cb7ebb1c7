namespace OpticalQAT.Training;

/// <summary>The state of a phase of training: everything that is needed to continue it bit for bit.</summary>
public sealed class PhaseState
{
    /// <summary>Epochs that are complete.</summary>
    public int Epoch { get; set; }

    /// <summary>Steps done of the epoch that is not.</summary>
    public int Step { get; set; }

    /// <summary>The sum of the losses of that epoch's steps.</summary>
    public double LossSum { get; set; }

    /// <summary>Seconds of training spent in that epoch.</summary>
    public double Seconds { get; set; }

    /// <summary>The hard validation metrics of the best model so far; null before the first measurement.</summary>
    public IReadOnlyDictionary<string, double>? BestValidation { get; set; }

    /// <summary>The best model so far.</summary>
    public ModelState? Best { get; set; }
}
