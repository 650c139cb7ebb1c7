using System.Reflection;
using System.Security;
using NUnit.Framework;
using OpticalQAT.Kernels;

namespace OpticalQAT.Tests.Architecture;

/// <summary>One assembly alone computes on raw memory, and knows nothing but .NET.</summary>
public sealed class AssemblyTests
{
    private static readonly Assembly Kernels = typeof(DiffractiveStack).Assembly;
    private static readonly Assembly[] Product = [Kernels, typeof(Experiment).Assembly, typeof(OpticalQAT.Cli.Screen).Assembly];

    /// <summary>The compiler marks what it compiles with AllowUnsafeBlocks.</summary>
    [Test]
    public void The_kernels_alone_may_be_unsafe() =>
        Assert.That(Product.Where(assembly => assembly.ManifestModule.IsDefined(typeof(UnverifiableCodeAttribute))), Is.EqualTo((Assembly[])[Kernels]));

    [Test]
    public void The_kernels_refer_to_nothing_but_NET() =>
        Assert.That(Kernels.GetReferencedAssemblies().Select(name => name.Name).Where(name => name is null || !name.StartsWith("System.", StringComparison.Ordinal)), Is.Empty);

    [Test]
    public void The_kernels_show_little() =>
        Assert.That(Kernels.GetExportedTypes().Select(type => type.Name), Is.EquivalentTo((string[])[nameof(DiffractiveStack), nameof(SavedFields)]));
}
