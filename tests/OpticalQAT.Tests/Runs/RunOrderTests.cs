using NUnit.Framework;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Runtime;

namespace OpticalQAT.Tests.Runs;

public sealed class RunOrderTests
{
    [Test]
    public void Runs_of_a_name_are_listed_the_newest_first()
    {
        using var folder = new TemporaryFolder();
        DateTime[] starts = [new(2026, 11, 23, 14, 15, 2), new(2026, 11, 24, 9, 0, 0), new(2026, 11, 23, 14, 15, 1)];
        var runs = starts.Select((start, i) => RunDirectory.Create(folder.Path, "small", start, $"name: small # {i}")).ToArray();
        RunDirectory.Create(folder.Path, "other", new DateTime(2026, 11, 25), "name: other");
        Assert.That(RunDirectory.OfName(folder.Path, "small").Select(run => run.Id), Is.EqualTo((string[])[runs[1].Id, runs[0].Id, runs[2].Id]));
    }
}
