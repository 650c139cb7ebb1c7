using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Schedules;
using OpticalQAT.Tests.Support;

namespace OpticalQAT.Tests.Schedules;

public class SchedulesTests
{
    private static IEnumerable<TestCaseData> Values =>
    [
        Case(new Constant { Value = 3 }, 3, 3, 3),
        Case(new Linear { From = 1, To = 5 }, 1, 3, 5),
        Case(new Exponential { From = 2, To = 32 }, 2, 8, 32),
        Case(new CosineSchedule { From = 4, To = 2 }, 4, 3, 2),
        Case(new CosineSchedule { From = 4, WarmUp = 0.5 }, 0, 4, 0),
        Case(new Steps { From = 8, Factor = 0.5, Milestones = [0.5, 0.75] }, 8, 4, 2),
        Case(new ValueList { Values = [1, 5, 9] }, 1, 5, 9),
        Case(new ValueList { Values = [1, 5] }, 1, 5, 5),
        Case(new ValueList { Values = [1, 5], Interpolate = true }, 1, 3, 5),
        Case(new ValueList { Values = [1, 5, 11], Interpolate = true }, 1, 5, 11),
        Case(new ValueList { Values = [7], Interpolate = true }, 7, 7, 7),
    ];

    private static IEnumerable<Schedule> Falling =>
        [new Linear { From = 1, To = 0.1 }, new Exponential { From = 1, To = 0.1 }, new CosineSchedule { From = 1, To = 0.1 }, new Steps { Milestones = [0.3, 0.6] }];

    [TestCaseSource(nameof(Values))]
    public void At_the_start_in_the_middle_and_at_the_end(Schedule schedule, double[] expected) =>
        Assert.That(new[] { 0, 0.5, 1 }.Select(schedule.At), Is.EqualTo(expected).Within(1e-12));

    [TestCaseSource(nameof(Falling))]
    public void It_falls_all_the_way(Schedule schedule)
    {
        var values = Enumerable.Range(0, 101).Select(i => schedule.At(i / 100.0)).ToArray();
        Assert.That(values, Is.Ordered.Descending);
        Assert.That(values[0], Is.GreaterThan(values[100]));
    }

    [Test]
    public void The_warm_up_is_a_line_and_meets_the_cosine()
    {
        var schedule = new CosineSchedule { From = 2, WarmUp = 0.2 };
        Assert.That(schedule.At(0.1), Is.EqualTo(1).Within(1e-12));
        Assert.That(schedule.At(0.2 - 1e-9), Is.EqualTo(schedule.At(0.2)).Within(1e-6));
    }

    /// <summary>Also of those that rise, or that reach an end only on the way.</summary>
    [Test]
    public void The_range_is_that_of_its_values()
    {
        Schedule[] rising = [new Linear { From = 1, To = 3 }, new Exponential { From = 2, To = 32 }, new CosineSchedule { From = 2, To = 4, WarmUp = 0.5 }, new Steps { From = 2, Factor = 3, Milestones = [0.5] }];
        Schedule[] turning = [new CosineSchedule { From = 4, To = 2 }, new CosineSchedule { From = 4, To = 2, WarmUp = 0.25 }, new ValueList { Values = [3, 1, 5, 2] }];
        foreach (var schedule in Values.Select(each => (Schedule)each.Arguments[0]!).Concat(rising).Concat(turning))
        {
            double[] values = [.. Enumerable.Range(0, 401).Select(i => schedule.At(i / 400.0))];
            Assert.That(schedule.Range.Lowest, Is.EqualTo(values.Min()).Within(1e-12), schedule.ToString());
            Assert.That(schedule.Range.Highest, Is.EqualTo(values.Max()).Within(1e-12), schedule.ToString());
        }
    }

    [Test]
    public void Between_the_values_of_a_list_the_line_is_straight()
    {
        var list = new ValueList { Values = [1, 5, 11], Interpolate = true };
        Assert.That((list.At(0.25), list.At(0.75)), Is.EqualTo((3.0, 8.0)));
    }

    [Test]
    public void What_is_in_order_is_not_complained_of()
    {
        Assert.That(new Steps { Milestones = [0.5, 0.7] }.Check(), Is.Empty);
        Assert.That(new ValueList { Values = [1] }.Check(), Is.Empty);
    }

    [Test]
    public void Milestones_in_disorder_are_told() =>
        Assert.That(new Steps { Milestones = [0.7, 0.5] }.Check(), Is.EqualTo((Problem[])[new("milestones", "milestones stand in ascending order, for example [0.5, 0.75]")]));

    [Test]
    public void An_empty_list_is_told() =>
        Assert.That(new ValueList { Values = [] }.Check(), Is.EqualTo((Problem[])[new("values", "the list is empty; give at least one value, for example [1, 0.3, 0.1]")]));

    [Test]
    public void The_library_has_no_schedule_that_is_not_tested_here() =>
        Assert.That(Kinds.Of<Schedule>().Select(s => s.GetType()), Is.SubsetOf(Values.Select(v => v.Arguments[0]!.GetType())));

    private static TestCaseData Case(Schedule schedule, params double[] expected) =>
        new TestCaseData(schedule, expected).SetArgDisplayNames(schedule.ToString(), string.Join(' ', expected));
}
