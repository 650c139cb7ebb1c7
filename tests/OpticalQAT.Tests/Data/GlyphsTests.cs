using System.Security.Cryptography;
using NUnit.Framework;
using OpticalQAT.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Data;

public class GlyphsTests
{
    private static readonly Glyphs Small = new() { TrainCount = 300, ValidationCount = 100, TestCount = 200 };

    private DisposeScope _scope = null!;

    [SetUp]
    public void OpenScope() => _scope = NewDisposeScope();

    [TearDown]
    public void CloseScope() => _scope.Dispose();

    [Test]
    public void TheBytesNeverChange()
    {
        // The checksum of this library's own first output: published results depend on these images. It must hold on
        // every platform; a change to the drawing is a new kind of dataset, not an improvement of this one.
        var data = Small.Load();
        var bytes = Bytes(data.Train).Concat(Bytes(data.Validation)).Concat(Bytes(data.Test)).SelectMany(image => image);
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray())), Is.EqualTo("e381faa1aef6d6c63931ba53e4fd937566254e1e6309ccc8ed012838952e1226"));
    }

    [Test]
    public void SplitsHaveTheFormOfTheContract()
    {
        var data = Small.Load();
        Assert.Multiple(() =>
        {
            Assert.That(data.Train.Images.shape, Is.EqualTo(new long[] { 300, 28, 28 }));
            Assert.That(data.Train.Images.dtype, Is.EqualTo(ScalarType.Byte));
            Assert.That(data.Train.Labels.shape, Is.EqualTo(new long[] { 300 }));
            Assert.That(data.Train.Labels.dtype, Is.EqualTo(ScalarType.Int64));
            Assert.That(data.Validation.Count, Is.EqualTo(100));
            Assert.That(data.Test.Count, Is.EqualTo(200));
            Assert.That(data.ClassNames, Has.Length.EqualTo(10).And.Unique);
        });
    }

    [Test]
    public void ClassesAreEquallyFrequent()
    {
        var data = Small.Load();
        Assert.That(data.Train.Labels.bincount(null).data<long>().ToArray(), Is.All.EqualTo(30));
        Assert.That(data.Test.Labels.bincount(null).data<long>().ToArray(), Is.All.EqualTo(20));
    }

    [Test]
    public void NoImageIsInTwoSplitsOrTwice()
    {
        var data = Small.Load();
        var images = Bytes(data.Train).Concat(Bytes(data.Validation)).Concat(Bytes(data.Test)).Select(Convert.ToHexString);
        Assert.That(images, Is.Unique);
    }

    [Test]
    public void ASmallerSetIsTheBeginningOfALargerOne()
    {
        var more = (Small with { TrainCount = 500, TestCount = 500 }).Load();
        var less = Small.Load();
        Assert.That(Bytes(more.Train).Take(300), Is.EqualTo(Bytes(less.Train)));
        Assert.That(Bytes(more.Test).Take(200), Is.EqualTo(Bytes(less.Test)));
    }

    [Test]
    public void AnotherSeedDrawsOtherExamples() =>
        Assert.That(Bytes((Small with { Seed = 2 }).Load().Train), Is.Not.EqualTo(Bytes(Small.Load().Train)));

    [Test]
    public void WithoutDistortionAClassIsOneImage()
    {
        var images = Bytes((Small with { Distortion = 0 }).Load().Train).Select(Convert.ToHexString).ToArray();
        Assert.That(images.Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(10));
        Assert.That(images[0], Is.EqualTo(images[10]));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void MeansOfTheClassesAreNotEnoughToTellThemApart(int seed)
    {
        var data = new Glyphs { Seed = seed }.Load();
        Assert.That(NearestMeanAccuracy(data), Is.InRange(0.6, 0.75));
    }

    [Test]
    public void LessDistortionIsEasier()
    {
        var accuracies = new[] { 0.5, 1, 1.5 }
            .Select(distortion => NearestMeanAccuracy(new Glyphs { TrainCount = 2000, TestCount = 1000, Distortion = distortion }.Load()))
            .ToArray();
        Assert.That(accuracies, Is.Ordered.Descending);
        Assert.That(accuracies[0], Is.GreaterThan(0.95));
    }

    /// <summary>The test accuracy of the simplest classifier: the class whose mean training image is closest.</summary>
    private static double NearestMeanAccuracy(Dataset data)
    {
        var train = data.Train.Images.flatten(1).to(ScalarType.Float32);
        var test = data.Test.Images.flatten(1).to(ScalarType.Float32);
        var means = stack(Enumerable.Range(0, data.ClassNames.Length).Select(label => train[data.Train.Labels == label].mean([0L])));
        return (cdist(test, means).argmin(1) == data.Test.Labels).to(ScalarType.Float64).mean().item<double>();
    }

    private static byte[][] Bytes(Examples split) => [.. split.Images.data<byte>().ToArray().Chunk(28 * 28)];
}
