using static TorchSharp.torch;

namespace OpticalQAT.Quantization;

/// <summary>The forward value of a quantizer in training.</summary>
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
/// The quantizer of masks that have one level table: turns positions in level units into soft indices in training. It
/// may have parameters, which are learnt with the positions, and state, which is kept in buffers; both have a row for each
/// mask. In evaluation positions are rounded to the nearest level (<see cref="LevelSpace.Nearest"/>), whatever the kind.
/// </summary>
/// <param name="levels">The level table that the masks start with.</param>
/// <param name="masks">The number of masks.</param>
public abstract class Quantizer(LevelTable levels, int masks) : nn.Module(nameof(Quantizer))
{
    /// <summary>The level table that the masks start with.</summary>
    public LevelTable InitialTable { get; } = levels;

    /// <summary>The number of masks.</summary>
    public int MaskCount { get; } = masks;

    /// <summary>The level table of each mask as it stands; a kind that learns its levels changes it.</summary>
    public virtual IReadOnlyList<LevelTable> Tables => [.. Enumerable.Repeat(InitialTable, MaskCount)];

    /// <summary>The number of levels, and whether they close to a circle.</summary>
    public LevelSpace Levels { get; } = levels.Space;

    /// <summary>The progress of training.</summary>
    public TrainingMoment Moment { get; private set; } = new(0);

    /// <summary>The forward value in training.</summary>
    public abstract TrainingForward Forward { get; }

    /// <summary>Whether the positions are learnt as they are; a kind that learns something else in their place says what is printed by <see cref="Printed"/>.</summary>
    public virtual bool LearnsPositions => true;

    /// <summary>The heights of the levels where they are learnt: float64, [masks, N], metres, differentiable; null where they are given.</summary>
    public virtual Tensor? LearntHeights => null;

    /// <summary>The soft indices of positions, differentiable in them and in the parameters.</summary>
    /// <param name="positions">Real, [masks, …], level units.</param>
    public abstract SoftIndex Soften(Tensor positions);

    /// <summary>Takes the progress of training, before each step; kinds with state bring it up to date.</summary>
    /// <param name="moment">The progress.</param>
    /// <param name="positions">[masks, …], level units; must not be changed.</param>
    public virtual void Advance(TrainingMoment moment, Tensor positions) => Moment = moment;

    /// <summary>The positions that are rounded to what is printed.</summary>
    /// <param name="positions">[masks, …], level units.</param>
    /// <returns>Of the same shape.</returns>
    public virtual Tensor Printed(Tensor positions) => positions.alias();

    /// <summary>Moves parameters, and positions that must not move freely, back to where they may be; after each optimizer step.</summary>
    /// <param name="positions">[masks, …], level units; changed in place.</param>
    public virtual void Confine(Tensor positions)
    {
        if (!Levels.Closes)
            positions.clamp_(0, Levels.Count - 1);
    }

    /// <summary>The term that is added to the loss for the sake of the parameters, a scalar; null where there is none.</summary>
    public virtual Tensor? Penalty() => null;
}
