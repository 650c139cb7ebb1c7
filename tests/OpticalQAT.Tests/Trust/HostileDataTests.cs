using System.Buffers.Binary;
using System.IO.Compression;
using NUnit.Framework;
using OpticalQAT.Data;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Support;
using OpticalQAT.Tests.Support.Pictures;

namespace OpticalQAT.Tests.Trust;

/// <summary>Datasets that are made to take all memory: a clear answer, and little taken.</summary>
public class HostileDataTests
{
    private const int Little = 1 << 22;
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => _folder.Dispose();

    /// <summary>A hundred kilobytes that unfold to a hundred megabytes.</summary>
    [Test]
    public void A_compressed_file_is_not_unfolded_before_its_count_is_compared_with_that_of_its_labels()
    {
        WriteMnist(images: 100, labels: 99);
        AssertRefused(new Mnist { Folder = _folder.Path }, $"{_folder.Path}: train has 100 images but 99 labels. They must be as many: the two files come from different sets, fetch both again.");
    }

    [Test]
    public void A_compressed_file_is_not_unfolded_before_its_size_is_compared_with_the_memory()
    {
        WriteMnist(images: 100, labels: 100);
        AssertRefused(
            new Mnist { Folder = _folder.Path, ValidationCount = 10 },
            "90 training examples of 1000 × 1000 pixels and 10 validation examples of 1000 × 1000 pixels and 100 test examples of 1000 × 1000 pixels take about 0.4 GB of memory while they are read, but there is 64.0 MB for them. "
            + "Take a part of the files only, written as files of their own; task.dataset.train_count, validation_count and test_count make the part smaller that is kept of them.");
    }

    [Test]
    public void Pictures_are_not_read_before_their_sizes_are_compared_with_the_memory()
    {
        var bytes = SamplePictures.Png(new byte[2000 * 2000], 2000, 2000);
        foreach (var split in new[] { "train", "val", "test" })
        {
            Directory.CreateDirectory(_folder.File(split));
            for (var i = 0; i < 10; i++)
                File.WriteAllBytes(_folder.File($"{split}/{i}.png"), bytes);
        }
        AssertRefused(
            new ImageFolder { Folder = _folder.Path },
            "10 training examples of 2000 × 2000 pixels and 10 validation examples of 2000 × 2000 pixels and 10 test examples of 2000 × 2000 pixels take about 0.2 GB of memory while they are read, but there is 64.0 MB for them. "
            + "Put fewer pictures into the folders, or make them smaller.");
    }

    [TestCase("0, 0", "it is empty, its shape is [0, 0]. Write height × width, one sample for each file, or take the file out of the set.")]
    [TestCase("0, 5", "it is empty, its shape is [0, 5]. Write height × width, one sample for each file, or take the file out of the set.")]
    [TestCase("5, 4294967296, 4294967296", "shape (5, 4294967296, 4294967296) of 4-byte elements does not fill the 0 bytes that follow: the file is cut off or damaged.")]
    [TestCase("65536, 32768", "shape (65536, 32768) of 4-byte elements does not fill the 0 bytes that follow: the file is cut off or damaged.")]
    public void Arrays_without_numbers_are_refused(string shape, string problem)
    {
        Directory.CreateDirectory(_folder.File("train/phase"));
        var file = _folder.File("train/phase/a.npy");
        File.WriteAllBytes(file, NumpyArrays.File("<f4", shape, []));
        AssertRefused(new NpyFolder { Folder = _folder.Path, Amplitudes = false }, $"{file}: {problem}");
    }

    /// <summary>A picture that is very wide becomes a very large square.</summary>
    [Test]
    public void What_padding_makes_is_counted_and_bounded()
    {
        Directory.CreateDirectory(_folder.File("train"));
        File.WriteAllBytes(_folder.File("train/a.png"), SamplePictures.Png(new byte[16_384], 1, 16_384));
        var kind = new ImageFolder { Folder = _folder.Path };
        Assert.That(() => kind.Load(new DataRequest(Splits.Train) { Memory = Little }), Throws.TypeOf<DataException>().With.Message.StartsWith("1 training examples of 16384 × 16384 pixels take about 0.3 GB"));
        File.WriteAllBytes(_folder.File("train/a.png"), SamplePictures.Png(new byte[20_000], 1, 20_000));
        Assert.That(() => kind.Load(new DataRequest(Splits.Train)), Throws.TypeOf<DataException>().With.Message.EqualTo(
            "An example of 20000 × 20000 pixels, as task.dataset.fit=pad would make it, is larger than the largest plane, 16384 × 16384 samples. Crop or resample the images, or set task.dataset.fit=crop."));
        Assert.That((kind with { Fit = SquareFit.Crop }).Load(new DataRequest(Splits.Train) { Memory = Little }).Train.Count, Is.EqualTo(1));
    }

    private static void AssertRefused(DatasetKind kind, string message)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refusal = Assert.Throws<DataException>(() => kind.Load(DataRequest.All with { Memory = 64e6 }))!;
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(Little));
        Assert.That(refusal.Message, Is.EqualTo(message));
    }

    private void WriteMnist(int images, int labels)
    {
        foreach (var name in new[] { "train", "t10k" })
        {
            using (var gzip = new GZipStream(File.Create(_folder.File($"{name}-images-idx3-ubyte.gz")), CompressionLevel.Fastest))
            {
                gzip.Write([0, 0, 8, 3, .. Number(images), .. Number(1000), .. Number(1000)]);
                for (var i = 0; i < images; i++)
                    gzip.Write(new byte[1_000_000]);
            }
            File.WriteAllBytes(_folder.File($"{name}-labels-idx1-ubyte"), [0, 0, 8, 1, .. Number(labels), .. Enumerable.Range(0, labels).Select(i => (byte)(i % 3))]);
        }
    }

    private static byte[] Number(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }
}
