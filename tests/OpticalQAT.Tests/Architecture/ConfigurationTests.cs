using NUnit.Framework;
using OpticalQAT.Studies.Comparison;
using OpticalQAT.Studies.Robustness;
using OpticalQAT.Tests.Formats;
using OpticalQAT.Tests.Support;

namespace OpticalQAT.Tests.Architecture;

/// <summary>Everything that a user may write is documented, and the files that are shipped can be run.</summary>
public class ConfigurationTests
{
    private static IEnumerable<string> ShippedFiles => Checkout.Find("configs") is { } folder
        ? Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        : [];

    [Test]
    public void Every_family_kind_and_key_has_a_description()
    {
        var families = Kinds.Library.Families;
        var kinds = families.SelectMany(family => family.Kinds).ToArray();
        var missing = families.Where(family => family.Description.Length == 0).Select(family => family.Name)
            .Concat(kinds.Where(kind => kind.Description.Length == 0).Select(kind => kind.Type.Name))
            .Concat(Kinds.Records(kinds.Select(kind => kind.Type).Append(typeof(Experiment)).Append(typeof(ComparisonOptions)).Append(typeof(RobustnessPlan)))
                .SelectMany(record => Kinds.Library.ShapeOf(record).Keys.Where(key => key.Description.Length == 0).Select(key => $"{record.Name}.{key.Property.Name}")));
        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void The_walk_over_the_records_reaches_the_nested_ones() =>
        Assert.That(Kinds.Records([typeof(Experiment)]).Select(type => type.Name), Is.SupersetOf((string[])["Grid", "PhaseOptions", "OutputOptions", "OpticalSetting"]));

    [Test]
    public void Files_are_shipped() => Assert.That(ShippedFiles, Is.Not.Empty);

    [TestCaseSource(nameof(ShippedFiles))]
    public void A_shipped_file_describes_an_experiment_that_can_run(string file)
    {
        if (ComparisonPlan.Recognises(file))
        {
            var plan = ComparisonPlan.Read(file, []);
            Assert.That(plan.Errors, Is.Empty);
            Assert.That(plan.Value!.Examine().Where(finding => finding.IsError), Is.Empty);
            return;
        }
        if (RobustnessPlan.Recognises(file))
        {
            Assert.That(RobustnessPlan.Read(file).Examine(layers: 4), Is.Empty);
            return;
        }
        var result = Experiment.Read(file, []);
        Assert.That(result.Errors, Is.Empty);
        Assert.That(result.Value!.Examine().Where(finding => finding.IsError), Is.Empty);
    }
}
