using System.Reflection;
using NUnit.Framework;

namespace OpticalQAT.Tests.Architecture;

/// <summary>Dependencies point one way, and one namespace alone knows YAML.</summary>
public class DependencyTests
{
    private const string Root = "OpticalQAT";

    private static readonly Assembly Library = typeof(Experiment).Assembly;

    /// <summary>The namespaces from the lowest storey to the highest, by their full names below the root's. Each may know those of lower storeys, and none beside it.</summary>
    private static readonly string[][] Storeys =
    [
        ["Units", "Runtime"],
        ["Formats"],
        ["Configuration"],
        ["Schedules", "Optics.Fast"],
        ["Optics", "Quantization", "Data"],
        ["Models"],
        ["Models.Perturbations"],
        ["Tasks"],
        ["Training"],
        [""],
        ["Runs"],
        ["Checks", "Reports.Drawing"],
        ["Reports", "Studies"],
        ["Studies.Comparison", "Studies.Robustness"],
    ];

    [Test]
    public void Every_namespace_has_its_storey() =>
        Assert.That(Types().Select(type => Room(type.Namespace!)).Distinct(StringComparer.Ordinal), Is.EquivalentTo(Storeys.SelectMany(rooms => rooms)));

    [Test]
    public void Dependencies_point_downwards()
    {
        var storeys = Storeys.SelectMany((rooms, storey) => rooms.Select(room => (room, storey))).ToDictionary(StringComparer.Ordinal);
        var violations =
            from type in Types()
            let room = Room(type.Namespace!)
            from reference in References.Of(type)
            where reference.Target.Assembly == Library && !IsOfTheCompiler(reference.Target)
            let target = Room(reference.Target.Namespace!)
            where !string.Equals(target, room, StringComparison.Ordinal) && storeys.GetValueOrDefault(target, int.MaxValue) >= storeys.GetValueOrDefault(room, -1)
            select $"{type.FullName}, {reference.Member}: {type.Namespace} must not know {reference.Target.FullName}";
        Assert.That(violations, Is.Empty, string.Join("\n", violations));
    }

    [Test]
    public void Only_the_configuration_knows_YAML()
    {
        var users = Types()
            .Where(type => References.Of(type).Any(reference => string.Equals(reference.Target.Assembly.GetName().Name, "YamlDotNet", StringComparison.Ordinal)))
            .Select(type => type.Namespace).Distinct(StringComparer.Ordinal);
        Assert.That(users, Is.EqualTo((string[])[Root + ".Configuration"]));
    }

    /// <summary>The reader of references sees what stands in bodies alone: a call, a closure, a generic argument.</summary>
    [Test]
    public void References_in_the_bodies_of_methods_are_seen()
    {
        var seen = References.Of(typeof(Sample)).Concat(typeof(Sample).GetNestedTypes(BindingFlags.NonPublic).SelectMany(References.Of)).Select(r => r.Target).ToHashSet();
        Assert.That(seen, Is.SupersetOf(new[] { typeof(Uri), typeof(System.Text.StringBuilder), typeof(System.Net.IPAddress), typeof(TimeZoneInfo), typeof(FormatException) }));
    }

    private static IEnumerable<Type> Types() => Library.GetTypes().Where(type => type.Namespace?.StartsWith(Root, StringComparison.Ordinal) == true);

    // Helpers that the compiler writes for the whole assembly lie outside every namespace.
    private static bool IsOfTheCompiler(Type type) => type.Namespace is null || type.Name.StartsWith('<');

    /// <summary>Optics.Fast for OpticalQAT.Optics.Fast, empty for the root.</summary>
    private static string Room(string name) => name.Length == Root.Length ? string.Empty : name[(Root.Length + 1)..];

    private sealed class Sample
    {
        public static object Call(int n)
        {
            try
            {
                Func<object> closure = () => new System.Text.StringBuilder(n);
                return n > 0 ? closure() : Array.Empty<System.Net.IPAddress>().Length + TimeZoneInfo.Local.DisplayName;
            }
            catch (FormatException)
            {
                return new Uri("file:///");
            }
        }
    }
}
