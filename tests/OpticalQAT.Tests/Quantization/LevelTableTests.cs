using NUnit.Framework;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using OpticalQAT.Units;

namespace OpticalQAT.Tests.Quantization;

public class LevelTableTests
{
    private static readonly Wave Light = new(new Length(1));

    [Test]
    public void A_cyclic_table_divides_one_wave_and_closes()
    {
        var table = new CyclicLevels { Count = 4 }.Build(new Material(1.5, 0, Light));
        Assert.That(table.Heights.ToArray(), Is.EqualTo((double[])[0, 0.5, 1, 1.5]));
        Assert.That((table.Period, table.Cells, table.EndOfCell(3)), Is.EqualTo(((double?)2, 4, 2.0)));
        Assert.That(table.Space, Is.EqualTo(new LevelSpace(4, Closes: true)));
    }

    [Test]
    public void With_extinction_the_last_step_is_a_seam()
    {
        var table = new CyclicLevels { Count = 4 }.Build(new Material(1.5, 1e-6, Light));
        Assert.That(table.Heights.ToArray(), Is.EqualTo((double[])[0, 0.5, 1, 1.5]));
        Assert.That((table.Period, table.Cells), Is.EqualTo(((double?)null, 3)));
        Assert.That(table.Space, Is.EqualTo(new LevelSpace(4, Closes: false)));
    }

    [Test]
    public void An_inclusive_table_has_both_ends()
    {
        var table = new InclusiveLevels { Count = 3, Min = new Length(0.2), Max = new Length(1) }.Build(new Material(1.5, 0, Light));
        Assert.That(table.Heights.ToArray(), Is.EqualTo((double[])[0.2, 0.6, 1]).Within(1e-15));
        Assert.That(table.Period, Is.Null);
    }

    [Test]
    public void A_list_is_what_it_says()
    {
        var table = new ListedLevels { Heights = [new(0), new(0.1), new(0.7)] }.Build(new Material(1.5, 0, Light));
        Assert.That(table.Heights.ToArray(), Is.EqualTo((double[])[0, 0.1, 0.7]));
        Assert.That(table.Period, Is.Null);
    }

    [TestCase(0.1, 0)]
    [TestCase(0.3, 0.5)]
    [TestCase(0.5, 1)]
    [TestCase(0.875, 1.75)]
    [TestCase(1.0, 2)]
    [TestCase(-3, 0)]
    [TestCase(7, 2)]
    public void The_position_of_a_height_on_a_line(double height, double expected) =>
        Assert.That(new LevelTable([0.1, 0.5, 1.0]).PositionOf(height), Is.EqualTo(expected).Within(1e-12));

    [TestCase(0, 0)]
    [TestCase(0.25, 1)]
    [TestCase(0.9, 3.6)]
    [TestCase(1.25, 1)]
    [TestCase(-0.1, 3.6)]
    public void The_position_of_a_height_on_a_circle(double height, double expected) =>
        Assert.That(new LevelTable([0, 0.25, 0.5, 0.75], period: 1).PositionOf(height), Is.EqualTo(expected).Within(1e-12));

    [TestCase(0.1, 0)]
    [TestCase(0.475, 1.5)]
    [TestCase(1.05, 3.8)]
    [TestCase(0.05, 3.8)]
    [TestCase(1.1, 0)]
    [TestCase(-0.9, 0)]
    [TestCase(1.35, 1)]
    public void The_position_of_a_height_on_a_circle_that_does_not_start_at_0(double height, double expected) =>
        Assert.That(new LevelTable([0.1, 0.35, 0.6, 0.85], period: 1).PositionOf(height), Is.EqualTo(expected).Within(1e-12));

    [TestCase(1.2e-3, 2)]
    [TestCase(2.2e-3, 1)]
    [TestCase(0.4e-3, 1)]
    public void The_period_of_a_circle_is_a_length(double height, double expected) =>
        Assert.That(new LevelTable([0.6e-3, 1e-3, 1.2e-3], period: 0.6e-3 + 1e-12).PositionOf(height), Is.EqualTo(expected).Within(1e-6));

    [Test]
    public void A_circle_far_from_0_may_be_wider_than_its_table_and_no_more() =>
        Assert.That(new LevelTable([5, 6], period: 1.5).EndOfCell(1), Is.EqualTo(6.5));

    [Test]
    public void A_seam_is_remarked_and_a_circle_is_not()
    {
        var levels = new CyclicLevels { Count = 4 };
        Assert.That(levels.Remark(levels.Build(new Material(1.5, 0, Light))), Is.Null);
        Assert.That(levels.Remark(levels.Build(new Material(1.5, 1e-6, Light))), Does.Contain("from level 3 to level 0 is a seam"));
    }

    [Test]
    public void A_table_of_nothing_between_its_ends_is_told()
    {
        Assert.That(new InclusiveLevels { Count = 2, Min = new Length(1e-3), Max = new Length(1e-3) }.Check().Single().Key, Is.EqualTo("max"));
        Assert.That(new InclusiveLevels { Count = 2, Min = new Length(1e-3), Max = new Length(2e-3) }.Check(), Is.Empty);
        Assert.That(new ListedLevels { Heights = [new(1e-3), new(1e-3)] }.Check().Single().Key, Is.EqualTo("heights"));
    }

    [Test]
    public void One_measured_response_is_enough_to_have_some()
    {
        Assert.That(new LevelTable([0, 1], null, [1, 0]).HasResponses, Is.True);
        Assert.That(new LevelTable([0, 1], null, null, [0, 1]).HasResponses, Is.True);
        Assert.That(new LevelTable([0, 1]).HasResponses, Is.False);
    }

    [TestCase(new[] { 1.0 }, null, "there are 2 heights, but 1 values of the amplitude; each height needs one")]
    [TestCase(null, new[] { 0.0, 1, 2 }, "there are 2 heights, but 3 values of the phase; each height needs one")]
    [TestCase(new[] { 0, 1.01 }, null, "level 1 has the amplitude 1.01; a mask lets through between 0 and 1 of it")]
    [TestCase(new[] { -0.01, 1 }, null, "level 0 has the amplitude -0.01; a mask lets through between 0 and 1 of it")]
    public void A_response_belongs_to_each_height_and_lets_through_no_more_than_all(double[]? amplitudes, double[]? phases, string message) =>
        Assert.That(() => new LevelTable([0, 1], null, amplitudes, phases), Throws.ArgumentException.With.Message.EqualTo(message));

    [TestCase(new[] { 0.1 }, null, "a level table needs at least two heights, but this one has 1")]
    [TestCase(new[] { 0, double.NaN }, null, "level 1 has the height NaN m; heights are finite and not negative")]
    [TestCase(new[] { -0.5, 1 }, null, "level 0 has the height -0.5 m; heights are finite and not negative")]
    [TestCase(new[] { 0, 0.5, 0.5 }, null, "level 2 (500 mm) is not above level 1 (500 mm); list the heights in ascending order, each once")]
    [TestCase(new[] { 0, 0.5, 1 }, 1.0, "the table spans 1 m, more than its period of 1 m")]
    public void What_is_no_table_is_refused(double[] heights, double? period, string message) =>
        Assert.That(() => new LevelTable(heights, period), Throws.ArgumentException.With.Message.EqualTo(message));

    [Test]
    public void An_inclusive_table_upside_down_is_told() =>
        Assert.That(new InclusiveLevels { Count = 2, Min = new Length(2e-3), Max = new Length(1e-3) }.Check().Single().Message,
            Is.EqualTo("the highest level (1 mm) must lie above the lowest (2 mm)"));

    [Test]
    public void Tables_are_equal_by_what_they_say()
    {
        LevelTable table = new([0, 1, 2], period: 3), measured = new([0, 1, 2], null, [1, 0.9, 0.8], [0, 1, 2]);
        Assert.That(new LevelTable([0, 1, 2], period: 3), Is.EqualTo(table));
        Assert.That(new LevelTable([0, 1, 2], period: 3).GetHashCode(), Is.EqualTo(table.GetHashCode()));
        Assert.That(new LevelTable([0, 1, 2], null, [1, 0.9, 0.8], [0, 1, 2]), Is.EqualTo(measured));
        foreach (var other in new LevelTable[] { new([0, 1, 2]), new([0, 1.5, 2], period: 3), new([0, 1], period: 3), new([0, 1, 2], null, [1, 0.9, 0.7], [0, 1, 2]), new([0, 1, 2], null, [1, 0.9, 0.8]) })
            Assert.That(other, Is.Not.EqualTo(table).And.Not.EqualTo(measured));
    }

    [TestCase(new[] { 0, double.NaN }, null, "level 1 has the amplitude NaN, which is no finite number")]
    [TestCase(null, new[] { double.PositiveInfinity, 0 }, "level 0 has the phase")]
    public void Measured_values_are_finite(double[]? amplitudes, double[]? phases, string message) =>
        Assert.That(() => new LevelTable([0, 1], null, amplitudes, phases), Throws.ArgumentException.With.Message.StartsWith(message));
}
