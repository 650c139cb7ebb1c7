using NUnit.Framework;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Goldens;

public class PropagatorGoldenTests
{
    private static IEnumerable<string> Names => Golden.Named("asm").Concat(Golden.Named("rs")).Select(golden => golden.Name);

    [TestCaseSource(nameof(Names))]
    public void Double_precision(string name)
    {
        using var scope = NewDisposeScope();
        var golden = Golden.Named(name).Single();
        var output = golden.Propagator().Propagate(golden.Array("input"), golden.Number("distance_m"));
        Assert.That(Tensors.WorstError(output, golden.Array("output")), Is.LessThan(1e-10));
    }

    [TestCaseSource(nameof(Names))]
    public void Single_precision(string name)
    {
        using var scope = NewDisposeScope();
        var golden = Golden.Named(name).Single();
        var output = golden.Propagator().Propagate(golden.Array("input").to(ScalarType.ComplexFloat32), golden.Number("distance_m"));
        Assert.That(output.dtype, Is.EqualTo(ScalarType.ComplexFloat32));
        Assert.That(Tensors.RelativeError(output, golden.Array("output")), Is.LessThan(2e-5));
    }
}
