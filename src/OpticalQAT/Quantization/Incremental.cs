using OpticalQAT.Configuration;
using OpticalQAT.Schedules;
using static TorchSharp.torch;

namespace OpticalQAT.Quantization;

/// <summary>Which pixels are frozen first.</summary>
public enum FreezingOrder
{
    /// <summary>Those that are nearest to a level.</summary>
    Nearest,

    /// <summary>Any.</summary>
    Random,
}

/// <summary>
/// Incremental quantization (INQ, Zhou et al., arXiv 1702.03044): a growing share of the pixels is frozen at the level
/// it is nearest to and learns no more; the rest makes up for it, free as in full precision or under another quantizer.
/// </summary>
[Kind("incremental")]
public sealed record Incremental : QuantizerKind, IChecked
{
    /// <summary>The share that is frozen; it never falls. The steps are those of the paper, after a first part of the time in which nothing is.</summary>
    [AtLeast(0), AtMost(1)]
    public Schedule Share { get; init; } = new ValueList { Values = [0, 0.5, 0.75, 0.875, 1] };

    /// <summary>Which pixels are frozen first.</summary>
    public FreezingOrder Order { get; init; } = FreezingOrder.Nearest;

    /// <summary>The quantizer of the pixels that are not frozen; null leaves their heights free.</summary>
    public QuantizerKind? Inner { get; init; }

    /// <inheritdoc/>
    public override bool LearnsLevels => Inner?.LearnsLevels ?? false;

    /// <inheritdoc/>
    public override bool LearnsPositions => Inner?.LearnsPositions ?? true;

    /// <inheritdoc/>
    public override Quantizer Build(LevelTable levels, Tensor positions) => new FreezingIndex(levels, this, positions);

    /// <inheritdoc/>
    public IEnumerable<Problem> Check()
    {
        if (Inner is Incremental)
            yield return new Problem("inner", "incremental inside incremental freezes what is frozen; name another kind, or leave the key out");
        foreach (var problem in CheckInner("inner", Inner))
            yield return problem;
    }

    /// <inheritdoc/>
    public override int NumbersPerPixel(LevelTable levels) => Inner?.NumbersPerPixel(levels) ?? 1;

    /// <inheritdoc/>
    public override IEnumerable<QuantizerRemark> Examine(LevelTable levels, long pixels) =>
        Inner?.Examine(levels, pixels).Select(remark => remark with { Key = $"inner.{remark.Key}" }) ?? [];

    private sealed class FreezingIndex : Quantizer
    {
        private const string Name = "frozen";
        private const float Free = -1;

        private readonly Incremental _options;
        private readonly Quantizer? _inner;
        private double _share = double.NaN;

        public FreezingIndex(LevelTable levels, Incremental options, Tensor positions) : base(levels, (int)positions.shape[0])
        {
            _options = options;
            _inner = options.Inner?.Build(levels, positions);
            var frozen = full_like(positions.detach(), Free);
            frozen.DetachFromDisposeScope();
            register_buffer(Name, frozen);
            if (_inner is not null)
                register_module("inner", _inner);
        }

        public override IReadOnlyList<LevelTable> Tables => _inner?.Tables ?? base.Tables;

        // Those that are not frozen are free.
        public override TrainingForward Forward => _inner?.Forward ?? TrainingForward.Soft;

        public override bool LearnsPositions => _inner?.LearnsPositions ?? true;

        public override Tensor? LearntHeights => _inner?.LearntHeights;

        public override Tensor? Penalty() => _inner?.Penalty();

        /// <summary>The level of each pixel that is frozen, -1 for the others.</summary>
        private Tensor Frozen => get_buffer(Name)!;

        public override SoftIndex Soften(Tensor positions)
        {
            using var scope = NewDisposeScope();
            var frozen = Frozen;
            var isFrozen = frozen.ge(0);
            var rest = _inner?.Soften(positions) ?? new FreeIndex(Levels.Split(positions));
            SoftIndex index = rest switch
            {
                FreeIndex { Place: var place } => new FreeIndex(Freeze(place)),
                CellIndex place => Freeze(place),
                _ => new MixedIndex(isFrozen, rest, new LevelIndex(frozen.clamp(min: 0).to(ScalarType.Int64))),
            };
            return index.MoveToOuterDisposeScope();

            // A level is the start of its cell; the last one of a line is the end of the last cell.
            CellIndex Freeze(CellIndex place)
            {
                var last = Levels.Closes ? Levels.Count - 1 : Levels.Count - 2;
                var cell = frozen.clamp(0, last);
                return new CellIndex(where(isFrozen, cell.to(ScalarType.Int64), place.Cell), where(isFrozen, (frozen - cell).to(place.Fraction.dtype), place.Fraction));
            }
        }

        public override void Advance(TrainingMoment moment, Tensor positions)
        {
            base.Advance(moment, positions);
            _inner?.Advance(moment, positions);
            var share = _options.Share.At(moment.Progress);
            if (share == _share)
                return;
            _share = share;
            using var scope = NewDisposeScope();
            using var untracked = no_grad();
            var printed = Printed(positions);
            for (var mask = 0; mask < MaskCount; mask++)
                Freeze(mask, printed[mask].flatten());
        }

        public override Tensor Printed(Tensor positions)
        {
            using var scope = NewDisposeScope();
            // A pixel that is frozen is put onto its level with the next step; until then its position lies beside it.
            var rest = _inner?.Printed(positions) ?? positions;
            return where(Frozen.ge(0), Frozen, rest).MoveToOuterDisposeScope();
        }

        public override void Confine(Tensor positions)
        {
            if (_inner is null)
                base.Confine(positions);
            else
                _inner.Confine(positions);
            using var scope = NewDisposeScope();
            positions.copy_(where(Frozen.ge(0), Frozen, positions));
        }

        /// <summary>Freezes as many more pixels of a mask as are wanted by now.</summary>
        private void Freeze(int mask, Tensor printed)
        {
            var frozen = Frozen[mask].flatten();
            var wanted = (long)Math.Round(_share * frozen.numel()) - frozen.ge(0).sum().item<long>();
            if (wanted <= 0)
                return;
            var (_, chosen) = Rank(mask, printed).masked_fill(frozen.ge(0), double.PositiveInfinity).topk((int)wanted, largest: false);
            Frozen[mask].copy_(frozen.index_copy(0, chosen, Levels.Nearest(printed[chosen]).to(frozen.dtype)).view(Frozen.shape[1..]));
        }

        /// <summary>Pixels with a lower rank are frozen first.</summary>
        private Tensor Rank(int mask, Tensor positions)
        {
            using var generator = new Generator((ulong)Moment.Of(mask).Seed, positions.device);
            return _options.Order == FreezingOrder.Nearest
                ? (positions - positions.round()).abs()
                : rand(positions.shape, device: positions.device, generator: generator);
        }
    }
}
