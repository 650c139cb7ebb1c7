using System.Reflection;
using NUnit.Framework;

namespace OpticalQAT.Tests.Architecture;

/// <summary>Dependencies point one way, and one namespace alone knows YAML.</summary>
public class DependencyTests
{
    private const string Root = "OpticalQAT";

    private static readonly Assembly Library = typeof(Experiment).Assembly;

    /// <summary>What each namespace may know. The root, where an experiment is put together, knows them all.</summary>
    private static readonly Dictionary<string, string[]> MayKnow = Order(
        (["Units"], []),
        (["Runtime"], []),
        (["Formats"], []),
        (["Configuration"], ["Units"]),
        (["Schedules"], ["Configuration", "Units"]),
        (["Optics", "Quantization", "Data"], ["Units", "Runtime", "Formats", "Configuration", "Schedules"]),
        (["Models"], ["Optics", "Quantization", "Data", "Units", "Runtime", "Formats", "Configuration", "Schedules"]),
        (["Tasks"], ["Models", "Optics", "Quantization", "Data", "Units", "Runtime", "Formats", "Configuration", "Schedules"]),
        (["Training"], ["Models", "Tasks", "Optics", "Quantization", "Data", "Units", "Runtime", "Formats", "Configuration", "Schedules"]),
        (["Fabrication", "Interop", "Analysis"], ["Training", "Models", "Tasks", "Optics", "Quantization", "Data", "Units", "Runtime", "Formats", "Configuration", "Schedules"]));

    [Test]
    public void Every_namespace_has_its_place_in_the_order() =>
        Assert.That(Types().Select(type => Part(type.Namespace!)).Distinct(StringComparer.Ordinal).Where(part => part.Length > 0 && !MayKnow.ContainsKey(part)), Is.Empty);

    [Test]
    public void Dependencies_point_one_way()
    {
        var violations =
            from type in Types()
            let part = Part(type.Namespace!)
            where part.Length > 0 && MayKnow.ContainsKey(part)
            from reference in References.Of(type)
            where reference.Target.Assembly == Library
            let target = Part(reference.Target.Namespace ?? string.Empty)
            where !string.Equals(target, part, StringComparison.Ordinal) && !MayKnow[part].Contains(target, StringComparer.Ordinal) && !IsOfTheCompiler(reference.Target)
            select $"{type.FullName}, {reference.Member}: {part} must not know {reference.Target.FullName}";
        Assert.That(violations, Is.Empty);
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

    /// <summary>Optics for OpticalQAT.Optics.Fast; nothing for the root.</summary>
    private static string Part(string name) => name.Split('.') is [_, var part, ..] ? part : string.Empty;

    private static Dictionary<string, string[]> Order(params (string[] Parts, string[] Known)[] layers) =>
        layers.SelectMany(layer => layer.Parts.Select(part => (part, layer.Known))).ToDictionary(StringComparer.Ordinal);

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
