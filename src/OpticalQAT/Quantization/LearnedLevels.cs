using OpticalQAT.Configuration;
using OpticalQAT.Units;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OpticalQAT.Quantization;

/// <summary>
/// The levels themselves are learnt: each mask has its own table, whose number of heights is given and whose heights
/// are not, as etch depths are free and their number is not. Pixels find their level through another quantizer inside,
/// and the gradient reaches both. Learned step sizes (LSQ, Esser et al., arXiv 1902.08153), carried over to masks and
/// to steps that differ. The table that training ends with is the one that the model's file gives, and that is printed.
/// </summary>
[Kind("learned_levels")]
public sealed record LearnedLevels : QuantizerKind, IChecked
{
    /// <summary>The least height between neighbouring levels that the process can tell apart.</summary>
    [AtLeast(1e-12), AtMost(1)]
    public required Length MinimumSpacing { get; init; }

    /// <summary>The lowest height that the process can make; null is the lowest level of the table that it starts from.</summary>
    [AtLeast(0), AtMost(1)]
    public Length? Lowest { get; init; }

    /// <summary>The greatest height that the process can make; null is that of the table it starts from, or one wave where that closes to a circle.</summary>
    [AtLeast(1e-12), AtMost(1)]
    public Length? Highest { get; init; }

    /// <summary>The rate at which levels move: a step of the positions' learning rate r moves them by about rate·r, in mean steps of the table.</summary>
    [AtLeast(1e-9), AtMost(1000)]
    public double Rate { get; init; } = 0.05;

    /// <summary>The quantizer that leads a pixel to its level; its own levels and gradient are those that stand outside.</summary>
    public QuantizerKind Inner { get; init; } = new StraightThrough();

    /// <inheritdoc/>
    public override bool LearnsLevels => true;

    /// <inheritdoc/>
    public override bool LearnsPositions => Inner.LearnsPositions;

    /// <inheritdoc/>
    public override Quantizer Build(LevelTable levels, Tensor positions) => new LearningIndex(levels, this, positions);

    /// <inheritdoc/>
    public IEnumerable<Problem> Check()
    {
        if (Inner is LearnedLevels or Incremental)
            yield return new Problem("inner", "inside learned_levels stands what leads a pixel to its level: straight_through, progressive_sigmoid, soft_tanh or gumbel_softmax; incremental goes around it, with learned_levels as its inner");
        foreach (var problem in CheckInner("inner", Inner))
            yield return problem;
        if (Lowest is { } lowest && Highest is { } highest && highest <= lowest)
            yield return new Problem("highest", $"the greatest height ({highest}) must lie above the lowest ({lowest})");
    }

    /// <inheritdoc/>
    public override int NumbersPerPixel(LevelTable levels) => Inner.NumbersPerPixel(levels);

    /// <inheritdoc/>
    public override IEnumerable<QuantizerRemark> Examine(LevelTable levels, long pixels)
    {
        foreach (var remark in Inner.Examine(levels, pixels))
            yield return remark with { Key = $"inner.{remark.Key}" };
        if (levels.HasResponses)
            yield return new QuantizerRemark(true, "levels", "the table says what each of its heights does to the light, and says nothing of others, so its heights cannot be learnt; leave the amplitudes and phases out, or take another quantizer");
        var (lowest, highest) = Range(levels);
        var needed = MinimumSpacing.Metres * (levels.Period is null ? levels.Count - 1 : levels.Count);
        if (highest - lowest < needed)
            yield return new QuantizerRemark(true, "minimum_spacing", $"{levels.Count} levels {MinimumSpacing} apart{(levels.Period is null ? "" : ", the first a wave above the last included,")} need {new Length(needed).Rounded()}, but from the lowest to the greatest height there are {new Length(highest - lowest).Rounded()}; fewer levels, a smaller minimum_spacing or a greater range");
        if (levels.Heights[0] < lowest || levels.Heights[^1] > highest)
            yield return new QuantizerRemark(true, "levels", $"the table that training starts from runs from {new Length(levels.Heights[0]).Rounded()} to {new Length(levels.Heights[^1]).Rounded()}, beyond what the process can make ({new Length(lowest).Rounded()} to {new Length(highest).Rounded()})");
        for (var i = 1; i < levels.Count; i++)
        {
            if (levels.Heights[i] - levels.Heights[i - 1] < MinimumSpacing.Metres * (1 - 1e-9))
            {
                yield return new QuantizerRemark(true, "levels", $"in the table that training starts from, levels {i - 1} and {i} are {new Length(levels.Heights[i] - levels.Heights[i - 1]).Rounded()} apart, less than the minimum_spacing of {MinimumSpacing}");
                break;
            }
        }
    }

    private (double Lowest, double Highest) Range(LevelTable levels) => (
        Lowest?.Metres ?? levels.Heights[0],
        Math.Min(Highest?.Metres ?? double.PositiveInfinity, levels.Period is { } period ? levels.Heights[0] + period : Highest?.Metres ?? levels.Heights[^1]));

    private sealed class LearningIndex : Quantizer
    {
        private const string Name = "shifts";

        private readonly LearnedLevels _options;
        private readonly Quantizer _inner;
        private readonly double[] _initial;
        private readonly double _unit;

        public LearningIndex(LevelTable levels, LearnedLevels options, Tensor positions) : base(levels, (int)positions.shape[0])
        {
            _options = options;
            _inner = options.Inner.Build(levels, positions);
            _initial = levels.Heights.ToArray();
            _unit = (levels.EndOfCell(levels.Cells - 1) - levels.Heights[0]) / levels.Cells * options.Rate;
            var shifts = new Parameter(zeros(MaskCount, levels.Count, ScalarType.Float64, positions.device));
            shifts.DetachFromDisposeScope();
            register_parameter(Name, shifts);
            register_module("inner", _inner);
        }

        public override IReadOnlyList<LevelTable> Tables => [.. HeightsOfMasks().Select(heights => new LevelTable(heights, InitialTable.Period))];

        public override TrainingForward Forward => _inner.Forward;

        public override bool LearnsPositions => _inner.LearnsPositions;

        /// <summary>The initial heights, each with its shift: to the bit the initial ones where nothing has been learnt yet.</summary>
        public override Tensor LearntHeights
        {
            get
            {
                using var scope = NewDisposeScope();
                return (tensor(_initial, device: Shifts.device) + Shifts * _unit).MoveToOuterDisposeScope();
            }
        }

        private Parameter Shifts => get_parameter(Name)!;

        public override SoftIndex Soften(Tensor positions) => _inner.Soften(positions);

        public override void Advance(TrainingMoment moment, Tensor positions)
        {
            base.Advance(moment, positions);
            _inner.Advance(moment, positions);
        }

        public override Tensor Printed(Tensor positions) => _inner.Printed(positions);

        public override Tensor? Penalty() => _inner.Penalty();

        public override void Confine(Tensor positions)
        {
            _inner.Confine(positions);
            using var scope = NewDisposeScope();
            var (lowest, highest) = _options.Range(InitialTable);
            // Levels that fall together, even in the last digits, are no table; on a circle the last keeps clear of the first.
            var spacing = Math.Max(_options.MinimumSpacing.Metres, 1e-6 * _unit / _options.Rate);
            foreach (var (mask, heights) in HeightsOfMasks().Index())
            {
                var allowed = SpacedHeights.Nearest(heights, spacing, lowest, InitialTable.Period is null ? highest : highest - spacing);
                if (!allowed.SequenceEqual(heights))
                    Shifts[mask].copy_(tensor([.. allowed.Select((height, i) => (height - _initial[i]) / _unit)]));
            }
        }

        private double[][] HeightsOfMasks()
        {
            using var heights = LearntHeights.detach().cpu();
            return [.. heights.data<double>().ToArray().Chunk(Levels.Count)];
        }
    }
}
