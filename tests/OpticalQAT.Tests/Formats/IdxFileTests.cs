using System.IO.Compression;
using NUnit.Framework;
using OpticalQAT.Formats;
using OpticalQAT.Tests.Runtime;

namespace OpticalQAT.Tests.Formats;

public class IdxFileTests
{
    // two images of 1×3
    private static readonly byte[] Images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];

    [Test]
    public void Plain_and_compressed_files_are_read_whatever_their_name()
    {
        foreach (var bytes in new[] { Images, Compress(Images) })
        {
            var read = Read(bytes);
            Assert.That(read.Shape, Is.EqualTo((int[])[2, 1, 3]));
            Assert.That(read.Data, Is.EqualTo(Images[16..]));
        }
    }

    [TestCase(new byte[] { 0, 0, 0x08, 1, 0, 0, 0, 2, 0xff, 1 }, new[] { 255, 1 })]
    [TestCase(new byte[] { 0, 0, 0x09, 1, 0, 0, 0, 2, 0xff, 1 }, new[] { -1, 1 })]
    [TestCase(new byte[] { 0, 0, 0x0b, 1, 0, 0, 0, 2, 0xff, 0xfe, 1, 2 }, new[] { -2, 258 })]
    [TestCase(new byte[] { 0, 0, 0x0c, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0xff, 0xff, 0xff, 0xfd, 1, 2, 3, 4 }, new[] { -3, 16909060 })]
    public void Every_type_of_integer_is_read_with_its_highest_byte_first(byte[] bytes, int[] elements)
    {
        var file = Read(bytes);
        Assert.That(elements.Select((_, i) => file[i]), Is.EqualTo(elements));
    }

    [Test]
    public void A_file_without_elements_is_read() => Assert.That(Read([0, 0, 8, 1, 0, 0, 0, 0]).Data, Is.Empty);

    [TestCase(new byte[] { }, "ends after 0 of its first four bytes")]
    [TestCase(new byte[] { 0, 0, 8 }, "cut off")]
    [TestCase(new byte[] { 0x89, 0x50, 0x4e, 0x47 }, "begins with 89504e47")]
    [TestCase(new byte[] { 0, 0, 0x0d, 1, 0, 0, 0, 0 }, "type 0x0d")]
    [TestCase(new byte[] { 0, 0, 8, 0 }, "no dimensions")]
    [TestCase(new byte[] { 0, 0, 8, 2, 0, 0, 0, 1 }, "cut off")]
    [TestCase(new byte[] { 0, 0, 8, 1, 0, 0, 0, 3, 1, 2 }, "ends after 2 of the 3 bytes")]
    [TestCase(new byte[] { 0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3, 4 }, "more bytes follow")]
    [TestCase(new byte[] { 0, 0, 0x0c, 1, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7 }, "ends after 7 of the 8 bytes")]
    [TestCase(new byte[] { 0, 0, 0x0b, 1, 0, 0, 0, 1, 1, 2, 3 }, "more bytes follow than the 2")]
    [TestCase(new byte[] { 0, 0, 0x0c, 1, 0x20, 0, 0, 0 }, "states more than")]
    [TestCase(new byte[] { 0, 0, 8, 1, 0, 0, 1, 0, 1 }, "states 256 bytes, more than the file can hold")]
    [TestCase(new byte[] { 0, 0, 8, 1, 0xff, 0xff, 0xff, 0xff }, "states more than")]
    [TestCase(new byte[] { 0, 0, 8, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0 }, "states more than")]
    public void Other_files_are_refused(byte[] bytes, string problem) => AssertRefused(bytes, problem);

    [Test]
    public void A_compressed_file_cut_off_anywhere_is_refused()
    {
        var whole = Compress(Images);
        for (var length = 2; length < whole.Length; length++)
            AssertRefused(whole[..length], "");
    }

    [Test]
    public void Damage_in_a_compressed_file_is_noticed()
    {
        var bytes = Compress(Images);
        bytes[^6] ^= 1; // in the checksum
        AssertRefused(bytes, "fetch the file again");
    }

    [Test]
    public void A_small_file_cannot_ask_for_much_memory()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused(Compress([0, 0, 8, 1, 0x7f, 0, 0, 0, 1, 2, 3]), "more than the file can hold");
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 22));
    }

    [Test]
    public void What_follows_the_stated_elements_is_not_expanded()
    {
        var bomb = Compress([.. Images, .. new byte[50_000_000]]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused(bomb, "more bytes follow");
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 22));
    }

    [Test]
    public void The_digits_of_MNIST_are_read()
    {
        var folder = Checkout.FindShared("data/mnist") ?? throw new IgnoreException("The MNIST files are not here.");
        var images = IdxFile.Read(Path.Combine(folder, "t10k-images-idx3-ubyte.gz"));
        var labels = IdxFile.Read(Path.Combine(folder, "t10k-labels-idx1-ubyte.gz"));
        Assert.That(images.Shape, Is.EqualTo((int[])[10_000, 28, 28]));
        Assert.That(labels.Shape, Is.EqualTo((int[])[10_000]));
        Assert.That(labels.Data.Take(5), Is.EqualTo((byte[])[7, 2, 1, 0, 4]));
        Assert.That(labels.Data.Max(), Is.EqualTo(9));
    }

    private static IdxFile Read(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("digits"), bytes);
        return IdxFile.Read(folder.File("digits"));
    }

    private static void AssertRefused(byte[] bytes, string problem) =>
        Assert.That(() => Read(bytes), Throws.TypeOf<FileFormatException>().With.Message.Contains("digits: ").And.Message.Contains(problem));

    private static byte[] Compress(byte[] bytes)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return buffer.ToArray();
    }
}
