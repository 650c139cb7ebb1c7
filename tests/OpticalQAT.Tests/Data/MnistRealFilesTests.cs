using NUnit.Framework;
using OpticalQAT.Data;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Data;

/// <summary>The published MNIST files themselves; the counts of its digits are in LeCun's tables.</summary>
public class MnistRealFilesTests
{
    private Dataset _data = null!;
    private TorchSharp.DisposeScope _scope = null!;

    [OneTimeSetUp]
    public void LoadDataset()
    {
        if (MnistFolder.Real is not { } folder)
        {
            Assert.Ignore("The MNIST files are not here: set OPTICALQAT_SHARED to the folder that has them as data/mnist.");
            return;
        }

        _scope = NewDisposeScope();
        _data = new Mnist { Folder = folder }.Load();
    }

    [OneTimeTearDown]
    public void Dispose()
    {
        _data?.Dispose();
        _scope?.Dispose();
    }

    [Test]
    public void SplitsHaveTheirCounts() =>
        Assert.That(new[] { _data.Train.Count, _data.Validation.Count, _data.Test.Count }, Is.EqualTo(new long[] { 55_000, 5_000, 10_000 }));

    [Test]
    public void ImagesAreBytesOf28By28()
    {
        Assert.That(_data.Train.Images.shape, Is.EqualTo(new long[] { 55_000, 28, 28 }));
        Assert.That(_data.Train.Images.dtype, Is.EqualTo(ScalarType.Byte));
        Assert.That(_data.Test.Images.max().item<byte>(), Is.EqualTo(255));
    }

    [Test]
    public void DigitsAreAsFrequentAsPublished()
    {
        long[] train = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949];
        long[] test = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009];
        Assert.That((_data.Train.Labels.bincount(null) + _data.Validation.Labels.bincount(null)).data<long>().ToArray(), Is.EqualTo(train));
        Assert.That(_data.Test.Labels.bincount(null).data<long>().ToArray(), Is.EqualTo(test));
    }

    [Test]
    public void TheTestFileKeepsItsOrder() =>
        Assert.That(_data.Test.Labels[..10].data<long>().ToArray(), Is.EqualTo(new long[] { 7, 2, 1, 0, 4, 1, 4, 9, 5, 9 }));

    [Test]
    public void ValidationHasEveryDigitInProportion() =>
        Assert.That(_data.Validation.Labels.bincount(null).data<long>().ToArray(), Is.All.EqualTo(500).Within(90));

    [Test]
    public void NoTrainingImageIsInValidation()
    {
        var training = Images(_data.Train).ToHashSet(StringComparer.Ordinal);
        Assert.That(Images(_data.Validation).Where(training.Contains), Is.Empty);
    }

    [Test]
    public void LoadingAgainGivesTheSameSplits()
    {
        using var scope = NewDisposeScope();
        var again = new Mnist { Folder = MnistFolder.Real! }.Load();
        Assert.That(again.Train.Images.eq(_data.Train.Images).all().item<bool>(), Is.True);
        Assert.That(again.Validation.Labels.eq(_data.Validation.Labels).all().item<bool>(), Is.True);
    }

    private static IEnumerable<string> Images(Examples split) => split.Images.data<byte>().ToArray().Chunk(28 * 28).Select(Convert.ToBase64String);
}
