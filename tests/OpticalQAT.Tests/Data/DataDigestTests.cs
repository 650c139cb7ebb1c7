using NUnit.Framework;
using OpticalQAT.Data;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Data;

/// <summary>A digest is that of the examples as training meets them, and of nothing else.</summary>
public sealed class DataDigestTests
{
    /// <summary>Of two splits of different classes, every change of a value, a type, an order or a shape.</summary>
    [Test]
    public void Another_value_another_order_another_form_is_another_digest()
    {
        using var scope = NewDisposeScope();
        var images = (arange(24, ScalarType.Int64) % 7).to(ScalarType.Byte).view(4, 2, 3);
        var labels = tensor((long[])[0, 1, 1, 0]);
        var other = images.clone();
        other[3, 1, 2] = 9;
        Examples[] splits =
        [
            new(images, labels),
            new(other, labels),
            new(images, tensor((long[])[0, 1, 1, 1])),
            new(images.flip(0), labels.flip(0)),
            new(images.view(4, 3, 2), labels),
            new(images.slice(0, 0, 3, 1), labels.slice(0, 0, 3, 1)),
            new(images.to(ScalarType.Float32), labels),
            new(images.to(ScalarType.Float32), labels, ones(4, 2, 3)),
            new(images.to(ScalarType.Float32), labels, zeros(4, 2, 3)),
        ];
        Assert.That(splits.Select(split => SplitDigest.Of(split)).Distinct().Count(), Is.EqualTo(splits.Length));
        Assert.That(SplitDigest.Of(new Examples(images.clone(), labels.clone())), Is.EqualTo(SplitDigest.Of(splits[0])));
    }

    /// <summary>Pieces of 16 MiB are hashed one after the other; the digest does not know where they end.</summary>
    [Test]
    public void A_split_of_many_pieces_is_hashed_whole()
    {
        using var scope = NewDisposeScope();
        var images = zeros([5000, 64, 64], ScalarType.Byte);
        var before = SplitDigest.Of(new Examples(images, zeros([5000], ScalarType.Int64)));
        images[4999, 63, 63] = 1;
        Assert.That(SplitDigest.Of(new Examples(images, zeros([5000], ScalarType.Int64))), Is.Not.EqualTo(before));
        Assert.That(before.Sha256, Is.EqualTo(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(
            [.. "images Byte 5000x64x64\n"u8, .. new byte[5000 * 64 * 64], .. "labels Int64 5000\n"u8, .. new byte[5000 * 8]]))));
    }

    [TestCaseSource(typeof(TinySet), nameof(TinySet.Kinds))]
    public void Of_a_kind_it_is_the_same_in_every_place(string kind)
    {
        using var one = TinySet.Of(kind);
        using var two = TinySet.Of(kind);
        Assert.That(Digest(two).DifferenceTo(Digest(one)), Is.Null);
        Assert.That(Digest(two).Text, Is.EqualTo(Digest(one).Text).And.Match("^sha256:[0-9a-f]{64}$"));
    }

    [Test]
    public void What_differs_is_said()
    {
        var one = new DataDigest(new(9, "a"), new(5, "b"), new(4, "c"), ["x", "y"]);
        Assert.That(one.DifferenceTo(one with { Train = new(8, "d"), Test = new(4, "e"), ClassNames = ["x", "z"] }), Is.EqualTo(
            "the training split had 9 examples and has 8; the test split has 4 examples as before, but they are others, or in another order; the classes were x, y and are x, z"));
        Assert.That(one.DifferenceTo(one with { ClassNames = [.. one.ClassNames] }), Is.Null);
        Assert.That(new[] { one, one with { Train = one.Validation, Validation = one.Train }, one with { ClassNames = ["x"] }, one with { ClassNames = ["xy"] } }.Select(each => each.Text).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(4));
    }

    private static DataDigest Digest(TinySet set)
    {
        using var data = Trust.SmallModel.With(set.Overrides).Task.Dataset.Load();
        return DataDigest.Of(data);
    }
}
