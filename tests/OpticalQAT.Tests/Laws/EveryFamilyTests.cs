using System.Reflection;
using NUnit.Framework;
using OpticalQAT.Tests.Architecture;
using OpticalQAT.Tests.Optics;
using OpticalQAT.Tests.Schedules;
using OpticalQAT.Tests.Support;
using OpticalQAT.Tests.Tasks;
using OpticalQAT.Tests.Training;

namespace OpticalQAT.Tests.Laws;

/// <summary>Every family of kinds is under laws that run over all of its kinds, so that a new kind is under them the moment it exists.</summary>
public class EveryFamilyTests
{
    /// <summary>For each family the class with its laws. A new family fails until it has one.</summary>
    private static readonly Dictionary<string, Type> Laws = new(StringComparer.Ordinal)
    {
        ["dataset"] = typeof(DatasetLaws),
        ["detector"] = typeof(DetectorLaws),
        ["dispersion"] = typeof(DispersionLaws),
        ["encoding"] = typeof(EncodingTests),
        ["imaging_loss"] = typeof(ImagingLossLaws),
        ["levels"] = typeof(LevelsLaws),
        ["model"] = typeof(ModelLaws),
        ["modulation"] = typeof(ModulationLaws),
        ["optimizer"] = typeof(OptimizerTests),
        ["perturbation"] = typeof(PerturbationLaws),
        ["propagator"] = typeof(PropagatorLaws),
        ["quantizer"] = typeof(QuantizerLaws),
        ["readout"] = typeof(ReadoutTests),
        ["schedule"] = typeof(SchedulesTests),
        ["switch_on"] = typeof(SwitchOnLaws),
        ["task"] = typeof(TaskLaws),
    };

    [Test]
    public void Every_family_is_under_laws() => Assert.That(Kinds.Library.Families.Select(family => family.Name), Is.EquivalentTo(Laws.Keys));

    /// <summary>The class takes its kinds from the catalogue, by itself or through what gives them to several classes.</summary>
    [TestCaseSource(nameof(Families))]
    public void Its_laws_run_over_the_catalogue(string family)
    {
        var laws = Laws[family];
        Assert.That(laws.GetMethods().Any(method => method.IsDefined(typeof(TestAttribute)) || method.IsDefined(typeof(TestCaseSourceAttribute))), Is.True);
        Type[] own = [laws, .. laws.GetNestedTypes(BindingFlags.NonPublic)];
        var shared = own.SelectMany(References.Of).Select(reference => reference.Target).Where(type => type.Assembly == laws.Assembly && type != typeof(Kinds));
        var known = own.Concat(shared.ToHashSet()).SelectMany(References.Of).Select(reference => reference.Target).ToHashSet();
        Assert.That(known, Does.Contain(typeof(Kinds)));
        Assert.That(known, Does.Contain(Kinds.Library.Families.Single(found => string.Equals(found.Name, family, StringComparison.Ordinal)).Type));
    }

    private static IEnumerable<string> Families => Laws.Keys;
}
