using System.Text;
using BitMiracle.LibTiff.Classic;
using NUnit.Framework;
using OpticalQAT.Formats;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Support.Pictures;
using SkiaSharp;

namespace OpticalQAT.Tests.Formats;

public class PictureFileTests
{
    private static IEnumerable<TestCaseData> Exact() => SamplePictures.Exact().Select(picture => Case(picture.Name, picture.Bytes));

    private static IEnumerable<TestCaseData> All() => SamplePictures.Exact().Concat(SamplePictures.Others()).Select(picture => Case(picture.Name, picture.Bytes));

    [TestCaseSource(nameof(Exact))]
    public void A_grey_picture_is_the_same_in_every_format(string name, byte[] bytes)
    {
        var (height, width, luma) = Read(name, bytes);
        Assert.That((height, width), Is.EqualTo((SamplePictures.Height, SamplePictures.Width)));
        Assert.That(luma, Is.EqualTo(SamplePictures.Grey));
    }

    [TestCaseSource(nameof(Exact))]
    public void The_depth_of_a_picture_is_known(string name, byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("picture"), bytes);
        using var picture = PictureFile.Open(folder.File("picture"));
        var bits = name.Contains("16 bits") ? 16 : name.Contains("single") ? 32 : name.Contains("double") ? 64 : 8;
        Assert.That(picture.Bits, Is.EqualTo(bits));
    }

    /// <summary>Wherever a picture ends too early, it is refused by its name, or nothing of it is missing.</summary>
    [TestCaseSource(nameof(All))]
    public void A_picture_that_is_cut_off_is_refused(string name, byte[] bytes)
    {
        var whole = Read(name, bytes).Luma;
        var refused = 0;
        for (var length = 0; length < bytes.Length; length++)
        {
            try
            {
                Assert.That(Read(name, bytes[..length]).Luma, Is.EqualTo(whole), $"the first {length} of {bytes.Length} bytes");
            }
            catch (FileFormatException refusal)
            {
                Assert.That(refusal.Message, Does.Contain(name + ": "));
                refused = Math.Max(refused, length);
            }
        }
        Assert.That(refused, Is.GreaterThan(bytes.Length / 2));
    }

    [Test]
    public void What_is_missing_of_a_picture_is_said()
    {
        foreach (var (name, bytes) in new[] { ("a.png", SamplePictures.Png(Noise(40 * 40), 40, 40)), ("a.jpg", SamplePictures.Jpeg()), ("a.pgm", [.. "P5 9 9 255 "u8, .. Noise(81)]) })
            Refused(name, bytes[..^30], "it is cut off: the file ends before its last pixel. Fetch it again, or take it out of the set.");
    }

    /// <summary>Value·257 + 192 of 65535 lies nearer to value + 1 of 255; a PNG is reduced by its decoder, as it likes.</summary>
    [Test]
    public void Samples_of_16_bits_are_rounded()
    {
        byte[] grey = [.. Enumerable.Range(0, SamplePictures.Grey.Length).Select(i => (byte)(5 * i))];
        byte[] words = [.. grey.SelectMany(value => BitConverter.GetBytes((ushort)(value * 257 + 192)))];
        byte[] expected = [.. grey.Select(value => (byte)(value + 1))];
        Assert.That(Read("a.tif", SampleTiffs.Write(words, new() { Bits = 16 })).Luma, Is.EqualTo(expected));
        byte[] swapped = [.. words.Select((_, i) => words[i ^ 1])];
        Assert.That(Read("a.pgm", [.. Encoding.ASCII.GetBytes($"P5 {SamplePictures.Width} {SamplePictures.Height} 65535 "), .. swapped]).Luma, Is.EqualTo(expected));
        Assert.That(Read("a.png", SamplePictures.Png(grey, SamplePictures.Height, SamplePictures.Width, 16, low: 192)).Luma.Zip(grey).Select(pair => pair.First - pair.Second), Is.All.InRange(0, 1));
    }

    // By what EXIF and TIFF call the sides on which the first row and the first column are seen.
    [TestCase(1, "top", "left")]
    [TestCase(2, "top", "right")]
    [TestCase(3, "bottom", "right")]
    [TestCase(4, "bottom", "left")]
    [TestCase(5, "left", "top")]
    [TestCase(6, "right", "top")]
    [TestCase(7, "right", "bottom")]
    [TestCase(8, "left", "bottom")]
    public void A_picture_stands_as_it_is_to_be_looked_at(int orientation, string firstRow, string firstColumn)
    {
        var (height, width, luma) = Read("turned.tif", SampleTiffs.Write(SamplePictures.Grey, new() { Orientation = orientation }));
        var stored = SamplePictures.Grey;
        var isTurned = firstRow is "left" or "right";
        Assert.That((height, width), Is.EqualTo(isTurned ? (SamplePictures.Width, SamplePictures.Height) : (SamplePictures.Height, SamplePictures.Width)));
        Assert.That(Side(luma, height, width, firstRow, firstColumn), Is.EqualTo(stored[..SamplePictures.Width]));
        Assert.That(Side(luma, height, width, firstColumn, firstRow), Is.EqualTo(stored.Where((_, i) => i % SamplePictures.Width == 0)));

        // A JPEG of the same orientation: its left half is dark.
        var (jpegHeight, jpegWidth, jpeg) = Read("turned.jpg", SamplePictures.Jpeg(orientation));
        Assert.That(Side(jpeg, jpegHeight, jpegWidth, firstColumn, firstRow), Is.All.LessThan(10));
        Assert.That(Side(jpeg, jpegHeight, jpegWidth, firstRow, firstColumn)[^1], Is.GreaterThan(240));
    }

    [Test]
    public void A_file_of_several_pictures_is_refused()
    {
        Refused("a.gif", SamplePictures.Gif(3), "it is an animation of 3 pictures. Save the one that is meant as PNG.");
        Refused("a.tif", SampleTiffs.Write(SamplePictures.Grey, new() { Pages = 2 }), "it holds several pictures. Save the one that is meant by itself.");
        Refused("a.pgm", [.. "P5 1 1 255 "u8, 1, .. "P5 1 1 255 "u8, 2], "more follows than its pixels: it holds several pictures, or is damaged. Save the one that is meant by itself.");
        Refused("b.pgm", "P2 1 1 255 7 8\n"u8.ToArray(), "more follows than its pixels: it holds several pictures, or is damaged. Save the one that is meant by itself.");
    }

    [Test]
    public void What_is_transparent_is_dark()
    {
        Assert.That(Read("a.tif", SampleTiffs.Write(Pairs(100, 51), new() { Samples = 2, Extra = ExtraSample.UNASSALPHA })).Luma, Is.All.EqualTo(20));
        Assert.That(Read("a.tif", SampleTiffs.Write(Pairs(20, 51), new() { Samples = 2, Extra = ExtraSample.ASSOCALPHA })).Luma, Is.All.EqualTo(20));
        using var bitmap = new SKBitmap(new SKImageInfo(3, 2, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.Erase(new SKColor(100, 100, 100, 51));
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        Assert.That(Read("a.png", data.ToArray()).Luma, Is.All.EqualTo(20));

        static byte[] Pairs(byte grey, byte alpha) => [.. SamplePictures.Grey.SelectMany(_ => (byte[])[grey, alpha])];
    }

    [Test]
    public void A_picture_that_states_a_size_beyond_all_bounds_takes_no_memory()
    {
        byte[] few = [1, 2, 3];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused("a.png", SamplePictures.Png(few, 1, 3, 8, 60_000, 60_000), "it has 60000 × 60000 pixels; at most 268435456 (16384 × 16384) are read. Crop or resample it.");
        Refused("b.png", SamplePictures.Png(few, 1, 3, 8, 15_000, 15_000), "it states 15000 × 15000 pixels, and its 69 bytes cannot hold a picture of that size: it is damaged.");
        Refused("a.pgm", "P5 60000 60000 255 "u8.ToArray(), "it is cut off: the file ends before its last pixel. Fetch it again, or take it out of the set.");
        Refused("a.tif", Replaced(SampleTiffs.Write(SamplePictures.Grey, new()), [1, 1, 3, 0, 1, 0, 0, 0, 5, 0], [1, 1, 3, 0, 1, 0, 0, 0, 0xff, 0xff]), "pieces");
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 22));
    }

    [TestCase("P4 8 1 \u0001", "it is of the form P4 of Netpbm; P2, P3, P5 and P6 (PGM and PPM) are read. Save it as one of them, or as PNG.")]
    [TestCase("P2 2 1 9 1 10\n", "it holds the value 10, but states 9 as its largest: it is damaged.")]
    [TestCase("P2 2 1 70000 1 2", "it states 70000 as its largest value; 1 to 65535 are possible: it is damaged.")]
    [TestCase("P2 2 1 9 1 x", "it holds the character 120 (of ASCII) where all its pixels should stand: it is damaged, or another format under this ending.")]
    [TestCase("P2 99999999999 1 9 1 2", "a number in it is too large, where its width should stand: it is damaged.")]
    [TestCase("P2 0 1 9 ", "it states 1 × 0 pixels: it is damaged.")]
    [TestCase("P2 2 2 255 1 2 3  ", "it ends before all its pixels: it is cut off. Fetch it again, or take it out of the set.")]
    [TestCase("P2 2 2 255 1 2 3 4", "it ends within a number, where all its pixels should stand: it is cut off, or lacks the end of its last line. Fetch it again, or add that.")]
    [TestCase("no picture", "this is no picture that can be read: it is damaged, or another format under this ending. Take it out of the set, or save it as PNG.")]
    [TestCase("", "the file is empty. Take it out of the set, or fetch it again.")]
    public void Other_files_are_refused(string text, string problem) => Refused("a.pgm", Encoding.Latin1.GetBytes(text), problem);

    [Test]
    public void Forms_of_TIFF_that_are_not_read_are_named()
    {
        const string Remedy = ". Save it as grey or RGB, with whole numbers of 8 or 16 bits.";
        byte[] colour = [.. SamplePictures.Grey.SelectMany(value => (byte[])[value, value, value])];
        byte[] floats = [.. SamplePictures.Grey.SelectMany(value => BitConverter.GetBytes(value / 100f))];
        Refused("a.tif", SampleTiffs.Write(floats, new() { Bits = 32, Format = SampleFormat.IEEEFP }), "it holds the value 1.01; pictures of floating-point numbers run from 0 (dark) to 1 (bright). Scale them, or save it with 8 or 16 bits.");
        Refused("a.tif", SampleTiffs.Write(SamplePictures.Grey, new() { Format = SampleFormat.INT }), "its numbers have 8 bits in the format 2 of TIFF (whole numbers with a sign are 2, floating-point numbers 3), which is not read" + Remedy);
        Refused("a.tif", SampleTiffs.Write(SamplePictures.Grey, new() { Photometric = Photometric.PALETTE }), "its colours are stored in the way 3 of TIFF (a palette is 3), which is not read" + Remedy);
        Refused("a.tif", SampleTiffs.Write(colour, new() { Samples = 3, Photometric = Photometric.RGB, Planar = PlanarConfig.SEPARATE }), "its colours are stored one after another (planar), which is not read" + Remedy);
    }

    private static TestCaseData Case(string name, byte[] bytes) => new TestCaseData(name, bytes).SetArgDisplayNames(name);

    private static (int Height, int Width, byte[] Luma) Read(string name, byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File(name), bytes);
        using var picture = PictureFile.Open(folder.File(name));
        var luma = new byte[picture.Height * picture.Width];
        picture.Read(luma);
        return (picture.Height, picture.Width, luma);
    }

    private static void Refused(string name, byte[] bytes, string problem) =>
        Assert.That(() => Read(name, bytes), Throws.TypeOf<FileFormatException>().With.Message.Contains(name + ": ").And.Message.Contains(problem));

    /// <summary>The pixels along a side, beginning at the end that is named.</summary>
    private static byte[] Side(byte[] luma, int height, int width, string side, string from)
    {
        var pixels = side switch
        {
            "top" => luma[..width],
            "bottom" => luma[^width..],
            "left" => [.. luma.Where((_, i) => i % width == 0)],
            _ => [.. luma.Where((_, i) => i % width == width - 1)],
        };
        Assert.That(pixels, Has.Length.EqualTo(side is "top" or "bottom" ? width : height));
        return from is "right" or "bottom" ? [.. pixels.Reverse()] : pixels;
    }

    private static byte[] Noise(int length)
    {
        var noise = new byte[length];
        new Random(1).NextBytes(noise);
        return noise;
    }

    private static byte[] Replaced(byte[] bytes, byte[] old, byte[] by)
    {
        var at = bytes.AsSpan().IndexOf(old);
        Assert.That(at, Is.Positive);
        by.CopyTo(bytes, at);
        return bytes;
    }
}
