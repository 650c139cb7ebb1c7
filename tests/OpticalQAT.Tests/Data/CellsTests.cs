using NUnit.Framework;
using OpticalQAT.Data;

namespace OpticalQAT.Tests.Data;

public class CellsTests
{
    private static readonly Cells Few = new() { TrainCount = 40, ValidationCount = 10, TestCount = 10 };

    [Test]
    public void The_same_seed_gives_the_same_cells_and_a_smaller_set_begins_a_larger_one()
    {
        var (few, more) = (Images(Few), Images(Few with { TrainCount = 60 }));
        Assert.That(more[..few.Length], Is.EqualTo(few));
        Assert.That(Images(Few with { Seed = 2 }), Is.Not.EqualTo(few));
    }

    [Test]
    public void Splits_have_their_sizes_and_share_no_example()
    {
        var data = Few.Load();
        Assert.That(new[] { data.Train, data.Validation, data.Test }.Select(split => split.Images.shape), Is.EqualTo(new[] { new long[] { 40, 32, 32 }, [10, 32, 32], [10, 32, 32] }));
        Assert.That(data.ClassNames, Is.Empty);
        var all = new[] { data.Train, data.Validation, data.Test }.SelectMany(split => split.Images.data<byte>().ToArray().Chunk(1024)).Select(Convert.ToHexString).ToArray();
        Assert.That(all, Is.Unique);
    }

    /// <summary>Bodies on an empty ground, thick in the middle, with thicknesses all over the range and smooth but for their texture.</summary>
    [Test]
    public void They_look_like_cells()
    {
        var images = Images(Few).Chunk(1024).ToArray();
        foreach (var image in images)
        {
            Assert.That(image.Max(), Is.InRange(178, 255), "the thickest point");
            Assert.That(image.Count(v => v == 0) / 1024.0, Is.InRange(0.2, 0.95), "empty ground");
            var steps = Enumerable.Range(0, 1023).Where(i => i % 32 < 31).Select(i => Math.Abs(image[i + 1] - image[i])).ToArray();
            Assert.That(steps.Average(), Is.InRange(1, 25), "smooth, but not flat");
        }
        Assert.That(images.SelectMany(image => image).Where(v => v > 0).Select(v => v / 32).Distinct().Count(), Is.EqualTo(8), "all thicknesses occur");
    }

    [Test]
    public void More_than_fits_is_refused() =>
        Assert.That(() => new Cells { Pixels = 512, TrainCount = 1_000_000 }.Load(), Throws.TypeOf<DataException>().With.Message.Contains("train_count"));

    private static byte[] Images(Cells cells) => cells.Load().Train.Images.data<byte>().ToArray();
}
