using System.Reflection;
using NUnit.Framework;
using OpticalQAT.Runtime;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Architecture;

/// <summary>Every node of the autograd graph has the guard around its backward call.</summary>
public sealed class NodeTests
{
    private static readonly Type[] Types = [.. new[] { typeof(OpticalQAT.Kernels.DiffractiveStack).Assembly, typeof(Experiment).Assembly, typeof(OpticalQAT.Cli.Screen).Assembly }.SelectMany(assembly => assembly.GetTypes())];
    private static readonly Type[] Nodes = [.. Types.Where(type => !type.IsAbstract && IsFunction(type))];

    [Test]
    public void Every_node_derives_from_the_base_with_the_guard()
    {
        Assert.That(Nodes, Has.Length.GreaterThanOrEqualTo(8));
        Assert.That(Nodes.Where(node => !Bases(node).Any(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(AutogradNode<,>))), Is.Empty);
    }

    [Test]
    public void The_guard_cannot_be_gone_round()
    {
        var backward = typeof(AutogradNode<,>).GetMethod("backward", BindingFlags.Public | BindingFlags.Instance)!;
        Assert.That(backward.IsFinal, Is.True);
    }

    [Test]
    public void Passes_are_begun_by_the_guard_alone()
    {
        var callers = Types.Where(type => References.CallsOf(type).Any(called => called.DeclaringType == typeof(Tensor) && string.Equals(called.Name, "backward", StringComparison.Ordinal)));
        Assert.That(callers.Select(type => type.DeclaringType), Is.EqualTo((Type[])[typeof(GuardedBackward)]));
    }

    private static bool IsFunction(Type type) => Bases(type).Any(known => known.IsGenericType && known.GetGenericTypeDefinition() == typeof(autograd.Function<>));

    private static IEnumerable<Type> Bases(Type type)
    {
        for (var known = type.BaseType; known is not null; known = known.BaseType)
            yield return known;
    }
}
