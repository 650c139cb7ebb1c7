using NUnit.Framework;
using OpticalQAT.Quantization;
using OpticalQAT.Schedules;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Quantization;

/// <summary>Quantizers around another one: what the inner one learns, is told, and is kept to comes through.</summary>
public class InnerQuantizerTests
{
    private static readonly Length Spacing = new(10e-6);

    [Test]
    public void Whether_positions_or_levels_are_learnt_is_the_inner_ones_affair()
    {
        Assert.That(new GumbelSoftmax().LearnsPositions, Is.False);
        Assert.That((new Incremental().LearnsPositions, new Incremental().LearnsLevels), Is.EqualTo((true, false)));
        Assert.That(new Incremental { Inner = new GumbelSoftmax() }.LearnsPositions, Is.False);
        Assert.That(new Incremental { Inner = new StraightThrough() }.LearnsLevels, Is.False);
        Assert.That(new Incremental { Inner = new LearnedLevels { MinimumSpacing = Spacing } }.LearnsLevels, Is.True);
        Assert.That(new LearnedLevels { MinimumSpacing = Spacing, Inner = new GumbelSoftmax() }.LearnsPositions, Is.False);
        var table = Tables.Cyclic(4).Table;
        Assert.That((new Incremental().NumbersPerPixel(table), new Incremental { Inner = new GumbelSoftmax() }.NumbersPerPixel(table)), Is.EqualTo((1, 4)));
        Assert.That(new LearnedLevels { MinimumSpacing = Spacing, Inner = new GumbelSoftmax() }.NumbersPerPixel(table), Is.EqualTo(4));
    }

    [Test]
    public void What_a_kind_cannot_stand_in_is_told_at_its_key()
    {
        Assert.That(new Incremental { Inner = new Incremental() }.Check().Single().Key, Is.EqualTo("inner"));
        Assert.That(new Incremental { Inner = new StraightThrough { SwitchOn = new GrowingShare() } }.Check().Single().Key, Is.EqualTo("inner.switch_on"));
        var learned = new LearnedLevels { MinimumSpacing = Spacing };
        Assert.That((learned with { Inner = learned }).Check().Single().Key, Is.EqualTo("inner"));
        Assert.That((learned with { Inner = new Incremental() }).Check().Single().Key, Is.EqualTo("inner"));
        Assert.That((learned with { Lowest = Spacing, Highest = Spacing }).Check().Single().Key, Is.EqualTo("highest"));
        Assert.That((learned with { Lowest = Spacing, Highest = Spacing * 2 }).Check().Concat(new Incremental { Inner = learned }.Check()), Is.Empty);
    }

    [Test]
    public void Remarks_of_the_inner_one_stand_at_its_key()
    {
        var table = Tables.Cyclic(300).Table;
        Assert.That(new Incremental().Examine(table, 64), Is.Empty);
        Assert.That(new Incremental { Inner = new GumbelSoftmax() }.Examine(table, 64).Single().Key, Is.EqualTo("inner.kind"));
        Assert.That(new LearnedLevels { MinimumSpacing = new Length(1e-9), Inner = new GumbelSoftmax() }.Examine(table, 64).Single().Key, Is.EqualTo("inner.kind"));
    }

    /// <summary>Levels × pixels × 8 numbers of 4 bytes: 1 GiB are 2²⁵ of them.</summary>
    [TestCase(4, 8L << 20, false)]
    [TestCase(4, (8L << 20) + 1, true)]
    [TestCase(255, 1, false)]
    [TestCase(256, 1, true)]
    public void Many_logits_are_remarked(int levels, long pixels, bool isRemarked) =>
        Assert.That(new GumbelSoftmax().Examine(Tables.Cyclic(levels).Table, pixels).Select(remark => (remark.Key, remark.IsError)), Is.EqualTo(isRemarked ? [("kind", false)] : Array.Empty<(string, bool)>()));

    [Test]
    public void Their_memory_is_said_in_mebibytes() =>
        Assert.That(new GumbelSoftmax().Examine(Tables.Cyclic(4).Table, 16 << 20).Single().Message, Does.Contain("each of 4 levels of each pixel, about 2048 MiB"));

    [Test]
    public void Its_parameters_are_parameters_of_the_outer_one()
    {
        using var scope = NewDisposeScope();
        var (table, positions) = (Tables.Cyclic(4).Table, zeros(1, 3));
        var inner = new LearnedLevels { MinimumSpacing = Spacing, Inner = new SoftTanh { Learnt = new() } };
        using var around = new Incremental { Inner = inner }.Build(table, positions);
        Assert.That(around.named_parameters().Select(each => each.name), Is.EquivalentTo((string[])["inner.shifts", "inner.inner.steepness"]));
        Assert.That(around.Penalty(), Is.Not.Null);
        using (no_grad())
            around.Parameter("inner.shifts").copy_(tensor([0.0, 1, 0, 0]).unsqueeze(0));
        Assert.That(around.Tables.Single().Heights[1], Is.GreaterThan(table.Heights[1]));
        Assert.That(around.LearntHeights![0, 1].item<double>(), Is.EqualTo(around.Tables.Single().Heights[1]));
    }

    /// <summary>The inner one follows the progress: what is not frozen goes along its curve of that moment.</summary>
    [Test]
    public void The_progress_reaches_it([Values] bool freezes)
    {
        using var scope = NewDisposeScope();
        var (table, positions) = (Tables.Cyclic(4).Table, linspace(0, 3, 31).unsqueeze(0));
        var inner = new ProgressiveSigmoid { Steepness = new Linear { From = 1, To = 20 } };
        using var outer = (freezes ? new Incremental { Inner = inner, Share = new Constant { Value = 0 } } : (QuantizerKind)new LearnedLevels { MinimumSpacing = Spacing, Inner = inner }).Build(table, positions);
        using var alone = inner.Build(table, positions);
        foreach (var quantizer in new[] { outer, alone })
            quantizer.Advance(new TrainingMoment(0.9), positions);
        var (soft, expected) = ((CellIndex)outer.Soften(positions), (CellIndex)alone.Soften(positions));
        Assert.That(Tensors.SameBits(soft.Fraction, expected.Fraction), Is.True);
        Assert.That((soft.Fraction - 0.5).abs().mean().item<float>(), Is.GreaterThan(0.4), "steep by then");
    }

    /// <summary>What keeps the inner one within its bounds is done from outside too; a line keeps free positions between its ends.</summary>
    [Test]
    public void It_is_confined([Values] bool freezes)
    {
        using var scope = NewDisposeScope();
        var positions = tensor([-0.5f, 1, 9]).unsqueeze(0);
        var inner = new SoftTanh { Learnt = new() };
        using var outer = (freezes ? new Incremental { Inner = inner } : (QuantizerKind)new LearnedLevels { MinimumSpacing = Spacing, Inner = inner }).Build(Tables.Uneven.Table, positions);
        using (no_grad())
            outer.Parameter("inner.steepness").fill_(-3);
        outer.ConfineUntracked(positions);
        Assert.That(outer.Parameter("inner.steepness").item<float>(), Is.Zero);
        Assert.That(positions.data<float>().ToArray(), Is.EqualTo((float[])[0, 1, 3]));

        var free = tensor([-0.5f, 1, 9]).unsqueeze(0);
        using var alone = new Incremental().Build(Tables.Uneven.Table, free);
        alone.ConfineUntracked(free);
        Assert.That(free.data<float>().ToArray(), Is.EqualTo((float[])[0, 1, 3]));
    }

    [Test]
    public void A_share_that_falls_frees_nothing()
    {
        using var scope = NewDisposeScope();
        var positions = linspace(0.1, 2.8, 8).unsqueeze(0);
        using var quantizer = new Incremental { Share = new Linear { From = 0.75, To = 0.25 } }.Build(Tables.Cyclic(4).Table, positions);
        foreach (var progress in new[] { 0, 0.5, 1 })
        {
            quantizer.Advance(new TrainingMoment(progress), positions);
            Assert.That(quantizer.get_buffer("frozen")!.ge(0).sum().item<long>(), Is.EqualTo(6));
        }
    }

    /// <summary>A shift of one is the rate times a mean step of the table: (0.95 - 0.1) mm / 3 on this line.</summary>
    [Test]
    public void Shifts_are_in_mean_steps_times_the_rate()
    {
        using var scope = NewDisposeScope();
        using var quantizer = new LearnedLevels { MinimumSpacing = Spacing, Rate = 0.25 }.Build(Tables.Uneven.Table, zeros(1, 2));
        using (no_grad())
            quantizer.Parameter("shifts").copy_(tensor([0.0, 1, 0, -0.5]).unsqueeze(0));
        double[] expected = [0.1e-3, 0.2e-3 + 0.25 * 0.85e-3 / 3, 0.5e-3, 0.95e-3 - 0.125 * 0.85e-3 / 3];
        Assert.That(quantizer.LearntHeights!.data<double>().ToArray(), Is.EqualTo(expected).Within(1e-15));
    }

    /// <summary>On a circle the last level keeps clear of the first, a wave on, and below a greatest height that is named.</summary>
    [Test]
    public void The_last_level_of_a_circle_has_a_bound([Values] bool isNamed)
    {
        using var scope = NewDisposeScope();
        var table = Tables.Cyclic(4).Table;
        var kind = new LearnedLevels { MinimumSpacing = new Length(50e-6), Rate = 1, Highest = isNamed ? new Length(0.6e-3) : null };
        using var quantizer = kind.Build(table, zeros(1, 2));
        using (no_grad())
            quantizer.Parameter("shifts").copy_(tensor([0.0, 0, 0, 9]).unsqueeze(0));
        quantizer.ConfineUntracked(zeros(1, 2));
        var last = quantizer.Tables[0].Heights[^1];
        if (isNamed)
            Assert.That(last, Is.InRange(0.5e-3, 0.6e-3 + 1e-12));
        else
            Assert.That(last, Is.EqualTo(table.Period!.Value - 50e-6).Within(1e-12));
    }

    [TestCase("{0}: too many levels for the range", 300e-6, null, null, "minimum_spacing")]
    [TestCase("{0}: the table begins below", 10e-6, 0.15, null, "levels")]
    [TestCase("{0}: the table ends above", 10e-6, null, 0.9, "levels")]
    [TestCase("{0}: two levels are too close", 110e-6, null, null, "levels")]
    [TestCase("{0}: all is well", 99e-6, 0.1, 0.95, null)]
    public void A_table_that_the_process_cannot_make_is_an_error(string what, double spacing, double? lowest, double? highest, string? key)
    {
        var kind = new LearnedLevels { MinimumSpacing = new Length(spacing), Lowest = Millimetres(lowest), Highest = Millimetres(highest) };
        var remarks = kind.Examine(Tables.Uneven.Table, 1).ToArray();
        Assert.That(remarks.Select(remark => remark.Key).FirstOrDefault(), Is.EqualTo(key), what);
        Assert.That(remarks, Is.All.Property(nameof(QuantizerRemark.IsError)).True);

        static Length? Millimetres(double? value) => value is { } millimetres ? new Length(millimetres * 1e-3) : null;
    }

    [Test]
    public void The_levels_that_are_too_close_are_named_once() =>
        Assert.That(new LearnedLevels { MinimumSpacing = new Length(0.2e-3) }.Examine(new LevelTable([0, 0.1e-3, 0.15e-3, 1e-3]), 1).Single().Message,
            Is.EqualTo("in the table that training starts from, levels 0 and 1 are 0.1 mm apart, less than the minimum_spacing of 0.2 mm"));

    /// <summary>A circle needs one spacing more, from its last level to its first a wave on.</summary>
    [Test]
    public void A_circle_needs_a_spacing_for_each_level()
    {
        var table = Tables.Cyclic(4).Table;
        var spacing = new Length(table.Period!.Value / 3.5);
        var remark = new LearnedLevels { MinimumSpacing = spacing }.Examine(table, 1).First();
        Assert.That((remark.Key, remark.Message), Is.EqualTo(("minimum_spacing",
            $"4 levels {spacing} apart, the first a wave above the last included, need {(spacing * 4).Rounded()}, but from the lowest to the greatest height there are {new Length(table.Period.Value).Rounded()}; fewer levels, a smaller minimum_spacing or a greater range")));
    }

    [Test]
    public void Levels_whose_light_was_measured_cannot_be_learnt()
    {
        var measured = new LevelTable([0, 1e-3], null, [1, 0.9]);
        var remark = new LearnedLevels { MinimumSpacing = Spacing }.Examine(measured, 1).Single();
        Assert.That((remark.Key, remark.IsError), Is.EqualTo(("levels", true)));
    }
}
