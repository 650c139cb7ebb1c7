using NUnit.Framework;
using OpticalQAT.Formats;
using OpticalQAT.Quantization;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Support;
using OpticalQAT.Tests.Trust;

namespace OpticalQAT.Tests.Runs;

/// <summary>
/// The test split decides nothing: with another one every height, every read-out and every validation score stays as it is, to
/// the bit. The validation split decides: with another one they do not.
/// </summary>
public sealed class TestSplitTests
{
    private const string Imaging = "task={ kind: phase_imaging, object_samples: 12, dataset: { kind: cells, pixels: 16, train_count: 40, validation_count: 10, test_count: 10 } }";
    private const string Other = "task.dataset.test_count=90";

    private static IEnumerable<string[]> Runs()
    {
        yield return ["quantizer.kind=straight_through"];
        yield return ["quantizer={ kind: straight_through, levels: { kind: cyclic, count: 2 } }", "training.refinement={ rounds: 3, moves: 8, curvature_examples: 20, trial_examples: 40 }"];
        yield return ["quantizer={ kind: none, levels: { kind: cyclic, count: 3 } }"];
        yield return [Imaging, "quantizer.kind=straight_through"];
    }

    [TestCaseSource(nameof(Runs))]
    public void Another_test_split_trains_the_same_model(string[] keys)
    {
        using var run = new SmallRun(keys);
        using var other = new SmallRun([.. keys, Other]);
        var (summary, its) = (run.Sit(), other.Sit());
        Assert.That(its.Test, Is.Not.EqualTo(summary.Test), "or the splits are the same");
        Assert.That(its.Validation, Is.EqualTo(summary.Validation));
        Assert.That(other.Epochs, Is.EqualTo(run.Epochs));
        AssertSame(run.Directory.ModelFile, other.Directory.ModelFile);
    }

    [Test]
    public void Another_test_split_rounds_a_model_in_the_same_way()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("m.safetensors"), SmallModel.Bytes("quantizer.kind=none"));
        var heights = Round("as it is");
        Assert.That(Round("another test split", Other), Is.EqualTo(heights));
        Assert.That(Round("another validation split", "task.dataset.validation_count=60"), Is.Not.EqualTo(heights), "or nothing is chosen");

        double[] Round(string name, params string[] overrides)
        {
            using var rounding = ModelRounding.Of(folder.File("m.safetensors"), new CyclicLevels { Count = 3 }, overrides, _ => { });
            rounding.Rounded.Save(folder.File(name));
            return [.. SafetensorsFile.Read(folder.File(name)).Tensors.Where(entry => entry.Key.EndsWith(".heights", StringComparison.Ordinal) || entry.Key.StartsWith("readout", StringComparison.Ordinal))
                .OrderBy(entry => entry.Key, StringComparer.Ordinal).SelectMany(entry => entry.Value.to(TorchSharp.torch.ScalarType.Float64).flatten().data<double>().ToArray())];
        }
    }

    private static void AssertSame(string file, string other)
    {
        var (one, two) = (SafetensorsFile.Read(file).Tensors, SafetensorsFile.Read(other).Tensors);
        Assert.That(two.Keys, Is.EquivalentTo(one.Keys));
        foreach (var (name, tensor) in one)
            Assert.That(Tensors.SameBits(two[name], tensor), Is.True, name);
    }
}
