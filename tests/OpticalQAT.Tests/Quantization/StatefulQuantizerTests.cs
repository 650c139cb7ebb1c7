using NUnit.Framework;
using OpticalQAT.Quantization;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Quantization;

/// <summary>The kinds with parameters, state and draws of their own, and what they do with them.</summary>
public class StatefulQuantizerTests
{
    [Test]
    public void Frozen_pixels_take_no_part_in_a_step_and_their_share_grows([Values] FreezingOrder order, [Values] bool around)
    {
        using var scope = NewDisposeScope();
        var kind = new Incremental { Order = order, Inner = around ? new StraightThrough() : null, Share = new OpticalQAT.Schedules.Linear { From = 0.25, To = 1 } };
        using var mask = Mask(kind, Tables.Cyclic(4));
        var optimizer = optim.Adam(mask.Stack.parameters(), 0.1);
        var before = mask.Position.clone();
        Tensor? levels = null;
        foreach (var progress in new[] { 0, 1 / 3.0, 2 / 3.0, 1 })
        {
            mask.Advance(progress, (long)(progress * 100));
            var frozen = mask.Quantizer.get_buffer("frozen")!;
            Assert.That(frozen.ge(0).sum().item<long>(), Is.EqualTo(16 * (0.25 + 0.75 * progress)).Within(1e-9));
            if (levels is not null)
                Assert.That(levels.lt(0).logical_or(levels.eq(frozen)).all().item<bool>(), Is.True, "what is frozen stays so");
            levels = frozen.clone();
            optimizer.zero_grad();
            mask.Transmission().real.sum().backward();
            optimizer.step();
            mask.Stack.Confine();
            var isFrozen = levels.ge(0);
            Assert.That(mask.Position[isFrozen].eq(levels[isFrozen]).all().item<bool>(), Is.True, "at its level");
            Assert.That(mask.Levels().unsqueeze(0)[isFrozen].eq(levels[isFrozen]).all().item<bool>(), Is.True);
        }
        Assert.That((mask.Position - before).abs().max().item<float>(), Is.GreaterThan(0.1));
    }

    [Test]
    public void The_nearest_are_frozen_first()
    {
        using var scope = NewDisposeScope();
        var kind = new Incremental { Share = new OpticalQAT.Schedules.Constant { Value = 0.5 } };
        var position = tensor([0.4f, 1.05f, 2.45f, 2.9f]).unsqueeze(0);
        var quantizer = kind.Build(Tables.Cyclic(4).Table, position);
        quantizer.Advance(new TrainingMoment(0), position);
        Assert.That(quantizer.get_buffer("frozen")!.data<float>().ToArray(), Is.EqualTo((float[])[-1, 1, -1, 3]));
    }

    /// <summary>Draws follow from the step's seed alone; over many of them every level comes as often as its softmax says.</summary>
    [Test]
    public void Levels_are_drawn_by_the_softmax_of_their_logits()
    {
        using var scope = NewDisposeScope();
        var kind = new GumbelSoftmax { Sharpness = 0.5, Temperature = new OpticalQAT.Schedules.Constant { Value = 2 }, Noise = new OpticalQAT.Schedules.Constant { Value = 1 } };
        var position = full(1, 40_000, 1.2f);
        var quantizer = kind.Build(Tables.Inclusive(3).Table, position);
        long[] Draw(long seed)
        {
            quantizer.Advance(new TrainingMoment(0.5, new MaskMoment(seed)), position);
            return ((WeightedIndex)quantizer.Soften(position)).Level.flatten().data<long>().ToArray();
        }

        var drawn = Draw(7);
        Assert.That(Draw(7), Is.EqualTo(drawn));
        Assert.That(Draw(8), Is.Not.EqualTo(drawn));
        double[] odds = [.. Enumerable.Range(0, 3).Select(level => Math.Exp(-0.5 * (1.2 - level) * (1.2 - level)))];
        for (var level = 0; level < 3; level++)
            Assert.That(drawn.Count(l => l == level) / 40_000.0, Is.EqualTo(odds[level] / odds.Sum()).Within(0.01));
    }

    [Test]
    public void A_start_is_the_level_nearest_to_the_position([Values] bool closes)
    {
        using var scope = NewDisposeScope();
        var table = (closes ? Tables.Cyclic(4) : Tables.Uneven).Table;
        var position = linspace(-0.4, 3.9, 50).unsqueeze(0);
        var printed = new GumbelSoftmax().Build(table, position).Printed(position);
        Assert.That(printed.eq(table.Space.Nearest(position)).all().item<bool>(), Is.True);
    }

    /// <summary>Pushed together and out of the range, the levels stay as far apart as the process needs, within what it can make, and the printed heights are theirs to the bit.</summary>
    [Test]
    public void Learnt_levels_keep_to_the_process([Values] bool closes)
    {
        using var scope = NewDisposeScope();
        var tables = closes ? Tables.Cyclic(4) : Tables.Uneven;
        var kind = new LearnedLevels { MinimumSpacing = new Length(60e-6), Rate = 1, Lowest = new Length(0.05e-3), Highest = new Length(0.98e-3) };
        if (closes)
            kind = kind with { Lowest = new Length(0) };
        using var mask = Mask(kind, tables);
        var shifts = mask.Stack.named_parameters().Single(p => p.name.EndsWith("shifts", StringComparison.Ordinal)).parameter;
        using var generator = new Generator(3);
        for (var step = 0; step < 50; step++)
        {
            using (no_grad())
                shifts.add_((rand(1, 4, ScalarType.Float64, generator: generator) - 0.5) * 2);
            mask.Stack.Confine();
            var heights = mask.Table.Heights.ToArray();
            Assert.That(heights.Zip(heights.Skip(1), (a, b) => b - a).Min(), Is.GreaterThanOrEqualTo(60e-6 - 1e-15));
            Assert.That(heights[0], Is.GreaterThanOrEqualTo((closes ? 0 : 0.05e-3) - 1e-15));
            Assert.That(heights[^1], Is.LessThanOrEqualTo(0.98e-3 + 1e-15));
            Assert.That(Tensors.SameBits(mask.Heights(), tensor(heights)[mask.Levels()]), Is.True);
        }
        Assert.That(mask.Table.Heights.ToArray(), Is.Not.EqualTo(tables.Table.Heights.ToArray()));
    }

    /// <summary>Levels go where the process can make them, also beyond the table that they start from.</summary>
    [Test]
    public void Learnt_levels_reach_the_ends_that_are_named()
    {
        using var scope = NewDisposeScope();
        var kind = new LearnedLevels { MinimumSpacing = new Length(60e-6), Rate = 1, Lowest = new Length(0.05e-3), Highest = new Length(1.4e-3) };
        using var mask = Mask(kind, Tables.Uneven);
        var shifts = mask.Stack.named_parameters().Single(p => p.name.EndsWith("shifts", StringComparison.Ordinal)).parameter;
        using (no_grad())
            shifts.copy_(tensor([-9.0, 0, 0, 9]).unsqueeze(0));
        mask.Stack.Confine();
        var heights = mask.Table.Heights.ToArray();
        Assert.That((heights[0], heights[^1]), Is.EqualTo((0.05e-3, 1.4e-3)).Using<(double, double)>((a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) < 1e-12));
    }

    /// <summary>The slope in a level's height is that of the light of all its pixels.</summary>
    [Test]
    public void Gradients_of_learnt_heights_match_finite_differences([Values] GradientDomain gradient)
    {
        using var scope = NewDisposeScope();
        var tables = Tables.Cyclic(4, extinction: 0.02);
        var position = tensor([0.1f, 0.9f, 2.2f, 2.8f, 1.1f]);
        var weight = Tensors.NormalField([5], 3).to(ScalarType.ComplexFloat32);
        var relief = tables.Relief(new LearnedLevels { MinimumSpacing = new Length(1e-6), Rate = 1 }, gradient, position);
        var shifts = relief.Quantizer.get_parameter("shifts")!;
        double Light()
        {
            using var untracked = no_grad();
            return (weight * relief.Transmission(position.unsqueeze(0))).real.sum().item<float>();
        }

        (weight * relief.Transmission(position.unsqueeze(0))).real.sum().backward();
        for (var level = 0; level < 4; level++)
        {
            double Moved(double by)
            {
                using (no_grad())
                    shifts[0, level] += by;
                var light = Light();
                using (no_grad())
                    shifts[0, level] -= by;
                return light;
            }

            Assert.That(shifts.grad![0, level].item<double>(), Is.EqualTo((Moved(1e-2) - Moved(-1e-2)) / 2e-2).Within(2e-3));
        }
    }

    [Test]
    public void A_learnt_steepness_is_driven_up_to_its_end()
    {
        using var scope = NewDisposeScope();
        var kind = new ProgressiveSigmoid { Learnt = new() { Rate = 1, Regularizer = 1 } };
        using var mask = Mask(kind, Tables.Cyclic(4));
        var steepness = mask.Quantizer.get_parameter("steepness")!;
        var optimizer = optim.Adam([steepness], 0.2);
        var last = 0f;
        for (var step = 0; step < 30; step++)
        {
            optimizer.zero_grad();
            (mask.Transmission().real.mean() + mask.Stack.Penalty()!).backward();
            optimizer.step();
            mask.Stack.Confine();
            Assert.That(steepness.item<float>(), Is.GreaterThanOrEqualTo(last));
            last = steepness.item<float>();
        }
        Assert.That(last, Is.EqualTo(Math.Log(20)).Within(1e-5));
    }

    private static OneMask Mask(QuantizerKind kind, Tables tables)
    {
        var position = linspace(-0.3, 3.4, 16).view(4, 4);
        return new OneMask(tables.Relief(kind, kind.Gradient, position), position);
    }
}
