using static TorchSharp.torch;

namespace OpticalQAT.Quantization;

/// <summary>Where training stands: what schedules follow, and what chance follows from.</summary>
/// <param name="Progress">From 0 at the phase's first step to 1 after its last.</param>
/// <param name="Seed">Another one for every step and mask. All that is random is drawn from it, so that a run resumes bit for bit.</param>
/// <param name="Share">The share of the mask's pixels that the quantizer has been switched on for; the others are free as in full precision.</param>
/// <param name="PhaseSeed">One for every mask, the same all through the phase.</param>
public readonly record struct TrainingMoment(double Progress, long Seed = 0, double Share = 1, long PhaseSeed = 0);

/// <summary>What a quantizer shows the light while training.</summary>
public enum TrainingForward
{
    /// <summary>The level that is printed: soft and hard scores are the same.</summary>
    Printed,

    /// <summary>A level, but one that was drawn.</summary>
    Drawn,

    /// <summary>A value between the levels, of which the gradient is the slope.</summary>
    Soft,
}

/// <summary>
/// The quantizer of one mask: turns positions in level units into soft indices while training. It may have parameters,
/// which are learnt with the positions, and state, which is kept in buffers. In evaluation positions are rounded to the
/// nearest level (<see cref="LevelSpace.Nearest"/>), whatever the kind.
/// </summary>
/// <param name="table">The level table that the mask starts with.</param>
public abstract class Quantizer(LevelTable table) : nn.Module(nameof(Quantizer))
{
    /// <summary>The level table that the mask starts with.</summary>
    public LevelTable Given { get; } = table;

    /// <summary>The level table as it stands; a kind that learns its levels changes it.</summary>
    public virtual LevelTable Table => Given;

    /// <summary>How many levels there are, and whether they close to a circle.</summary>
    public LevelSpace Levels { get; } = table.Space;

    /// <summary>Where training stands.</summary>
    public TrainingMoment Moment { get; private set; } = new(0);

    /// <summary>What it shows the light while training.</summary>
    public abstract TrainingForward Shows { get; }

    /// <summary>Whether the positions are learnt as they are; a kind that learns something else in their place says what is printed by <see cref="Printed"/>.</summary>
    public virtual bool LearnsPositions => true;

    /// <summary>Whether what is printed is the level nearest to the positions as they are.</summary>
    public virtual bool PrintsPositions => LearnsPositions;

    /// <summary>The heights of the levels where they are learnt: float64, [N], metres, differentiable; null where they are given.</summary>
    public virtual Tensor? LearntHeights => null;

    /// <summary>The soft indices of the positions of several masks, differentiable in them and in the quantizers' parameters.</summary>
    /// <param name="positions">Real, [masks, …], level units.</param>
    /// <param name="masks">The quantizers of these masks, all of one kind, one space and one progress; kinds without parameters and state need not look at them.</param>
    public abstract SoftIndex Soften(Tensor positions, IReadOnlyList<Quantizer> masks);

    /// <summary>Tells where training stands, before each step; kinds with state bring it up to date.</summary>
    /// <param name="moment">Where training stands.</param>
    /// <param name="position">The mask's positions, which must not be changed.</param>
    public virtual void Advance(TrainingMoment moment, Tensor position) => Moment = moment;

    /// <summary>The positions that are rounded to what is printed.</summary>
    /// <param name="position">The mask's positions.</param>
    public virtual Tensor Printed(Tensor position) => position.alias();

    /// <summary>Moves parameters, and positions that must not move freely, back to where they may be; after each optimizer step.</summary>
    /// <param name="position">The mask's positions, changed in place.</param>
    public virtual void Confine(Tensor position)
    {
        if (!Levels.Closes)
            position.clamp_(0, Levels.Count - 1);
    }

    /// <summary>What is added to the loss for the sake of the parameters; null where there is nothing.</summary>
    public virtual Tensor? Penalty() => null;
}
