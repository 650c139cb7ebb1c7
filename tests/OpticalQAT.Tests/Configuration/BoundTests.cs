using NUnit.Framework;
using OpticalQAT.Configuration;

namespace OpticalQAT.Tests.Configuration;

public sealed class BoundTests
{
    private static IEnumerable<TestCaseData> Bounds =>
    [
        new TestCaseData(new AtLeastAttribute(1), false, true, true),
        new TestCaseData(new AboveAttribute(1), false, false, true),
        new TestCaseData(new AtMostAttribute(1), true, true, false),
        new TestCaseData(new BelowAttribute(1), true, false, false),
    ];

    [TestCaseSource(nameof(Bounds))]
    public void A_bound_takes_its_limit_or_leaves_it_as_it_says(BoundAttribute bound, bool below, bool at, bool above) =>
        Assert.That((bound.Allows(Math.BitDecrement(1.0)), bound.Allows(1), bound.Allows(Math.BitIncrement(1.0))), Is.EqualTo((below, at, above)));
}
