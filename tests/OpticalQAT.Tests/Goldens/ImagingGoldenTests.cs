using NUnit.Framework;
using OpticalQAT.Tasks;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Goldens;

public class ImagingGoldenTests
{
    private static IEnumerable<Golden> Similarities => Golden.Named("ssim");

    [TestCaseSource(nameof(Similarities))]
    public void The_structural_similarity_is_the_golden_one(object golden)
    {
        using var scope = NewDisposeScope();
        var of = (Golden)golden;
        var (a, b) = (of.Array("a"), of.Array("b"));
        var ssim = new StructuralSimilarity((int)a.shape[0]).Of(a.unsqueeze(0), b.unsqueeze(0), StructuralSimilarity.Usual);
        Assert.That(ssim.item<double>(), Is.EqualTo(of.Number("ssim_valid")).Within(1e-10));
    }

    [Test]
    public void The_reversed_Huber_loss_is_the_golden_one()
    {
        using var scope = NewDisposeScope();
        var golden = Golden.Named("berhu0").Single();
        var (a, b) = (golden.Array("a"), golden.Array("b"));
        var loss = new ReversedHuberLoss { Threshold = golden.Number("threshold") }.Of(a, b, new StructuralSimilarity(StructuralSimilarity.Window));
        Assert.That(loss.item<double>(), Is.EqualTo(golden.Number("mean")).Within(1e-10));
    }
}
