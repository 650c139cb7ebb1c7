using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using OpticalQAT.Formats;
using OpticalQAT.Tests.Runtime;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Formats;

/// <summary>What stands where in a file, to the byte, and how large it may be.</summary>
public sealed class LayoutOfFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The digest as its documentation says, put together here anew.</summary>
    [Test]
    public void A_digest_is_that_of_what_a_file_says()
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["w"] = tensor([1f, 2]).view(1, 2), ["v"] = tensor(7L) };
        Dictionary<string, string> texts = new(StringComparer.Ordinal) { ["b"] = "é", ["a"] = "x" };
        byte[] expected =
        [
            .. Encoding.UTF8.GetBytes("a\n1\nx\nb\n2\né\nv\nI64\n\n"), .. BitConverter.GetBytes(7L),
            .. Encoding.UTF8.GetBytes("w\nF32\n1,2\n"), .. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f),
        ];
        Assert.That(ContentDigest.Of(tensors, texts), Is.EqualTo("sha256:" + Convert.ToHexStringLower(SHA256.HashData(expected))));
    }

    [Test]
    public void Large_elements_come_first_in_a_safetensors_file_and_names_are_in_order()
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["b"] = zeros(3), ["a"] = zeros(2), ["c"] = zeros(1, ScalarType.Float64), ["d"] = zeros(5, ScalarType.Byte) };
        var header = SafetensorsHeader.For(tensors, new Dictionary<string, string>(StringComparer.Ordinal) { ["z"] = "1", ["y"] = "2" });
        Assert.That(header.Entries.Select(entry => (entry.Name, entry.Begin, entry.End)), Is.EqualTo(((string, long, long)[])[("c", 0, 8), ("a", 8, 16), ("b", 16, 28), ("d", 28, 33)]));
        var json = Encoding.UTF8.GetString(header.ToBytes());
        Assert.That(json, Does.Match("^.\"__metadata__\":{\"y\":\"2\",\"z\":\"1\"},\"a\":.*\"b\":.*\"c\":.*\"d\":.*} *$"));
        Assert.That(json.Length % 8, Is.Zero);

        int Written(bool withoutLast)
        {
            using var stream = new MemoryStream();
            SafetensorsFile.Write(stream, tensors, header.Metadata, withoutLast);
            return (int)stream.Length;
        }

        Assert.That((Written(false), Written(true)), Is.EqualTo((8 + json.Length + 33, 8 + json.Length + 28)));
    }

    [Test]
    public void A_safetensors_file_may_be_as_short_as_its_header()
    {
        var path = _folder.File("short.safetensors");
        File.WriteAllBytes(path, [2, 0, 0, 0, 0, 0, 0, 0, .. "{}"u8]);
        Assert.That(SafetensorsFile.Read(path).Tensors, Is.Empty);
        File.WriteAllBytes(path, [3, 0, 0, 0, 0, 0, 0, 0, .. "{}"u8]);
        Assert.That(() => SafetensorsFile.Read(path), Throws.TypeOf<FileFormatException>().With.Message.Contains("its header has 3 bytes, but only 2 follow"));
        File.WriteAllBytes(path, [0, 0, 0, 0, 0, 0, 0, 0]);
        Assert.That(() => SafetensorsFile.Read(path), Throws.TypeOf<FileFormatException>().With.Message.Contains("the header does not begin with '{'"));
        File.WriteAllBytes(path, [0, 0, 0, 0, 0, 0, 0]);
        Assert.That(() => SafetensorsFile.Read(path), Throws.TypeOf<FileFormatException>().With.Message.Contains("the file has 7 bytes"));
    }

    [TestCase("<f4", 4, false)]
    [TestCase(">f8", 8, true)]
    [TestCase("<u2", 4, false)]
    [TestCase("<u4", 8, false)]
    [TestCase("|u1", 1, false)]
    [TestCase(">u1", 1, false)]
    public void The_numbers_of_an_array_have_a_size_and_an_order(string descr, int size, bool isBigEndian)
    {
        var element = NpyElement.Of(descr)!;
        Assert.That((element.TensorSize, element.IsBigEndian), Is.EqualTo((size, isBigEndian)));
    }

    [Test]
    public void A_name_of_numbers_begins_with_their_order()
    {
        foreach (var wrong in (string[])["f4", "xf4", "<f", "<q8", ""])
            Assert.That(NpyElement.Of(wrong), Is.Null, wrong);
        Assert.That((NpyElement.DescrOf(ScalarType.Float32), NpyElement.DescrOf(ScalarType.Byte), NpyElement.DescrOf(ScalarType.Int64), NpyElement.DescrOf(ScalarType.BFloat16)), Is.EqualTo(("<f4", "|u1", "<i8", (string?)null)));
    }

    [TestCase(16384, 16384, 16384, null)]
    [TestCase(16384, 16385, long.MaxValue / 16384, "at most")]
    [TestCase(268435456, 1, 16384, null)]
    [TestCase(268435457, 1, long.MaxValue / 16384, "at most")]
    [TestCase(1, 268435457, long.MaxValue / 16384, "at most")]
    [TestCase(4611686018427387904, 4, long.MaxValue / 16384, "at most")]
    [TestCase(128, 128, 1, null)]
    [TestCase(128, 129, 1, "its 1 bytes cannot hold a picture of that size")]
    [TestCase(0, 3, 100, "it states 0 × 3 pixels: it is damaged.")]
    [TestCase(3, 0, 100, "it states 3 × 0 pixels: it is damaged.")]
    public void A_picture_has_a_size_that_its_file_can_hold(long rows, long columns, long length, string? problem)
    {
        var said = new PictureLayout(rows, columns).Problem(length);
        Assert.That(said, problem is null ? Is.Null : Does.Contain(problem));
    }

    /// <summary>A row that is written at once, in two parts, or pixel by pixel stands in the same place, however the picture is turned.</summary>
    [Test]
    public void Parts_of_a_row_stand_where_the_whole_row_does([Range(1, 8)] int orientation)
    {
        var layout = new PictureLayout(2, 5, Orientation: orientation);
        byte[] whole = new byte[10], parts = new byte[10], pixels = new byte[10];
        for (byte row = 0; row < 2; row++)
        {
            byte[] values = [.. Enumerable.Range(1, 5).Select(column => (byte)(10 * row + column))];
            new PictureCanvas(whole, layout).Put(row, 0, values);
            new PictureCanvas(parts, layout).Put(row, 0, values.AsSpan(0, 2));
            new PictureCanvas(parts, layout).Put(row, 2, values.AsSpan(2));
            for (var column = 0; column < 5; column++)
                new PictureCanvas(pixels, layout).Put(row, column, [values[column]]);
        }

        Assert.That(whole, Is.EquivalentTo((byte[])[1, 2, 3, 4, 5, 11, 12, 13, 14, 15]));
        Assert.That((parts, pixels), Is.EqualTo((whole, whole)));
    }

    [TestCase("P2\t2\v2\f1\r0 1\n1\t0\n", new byte[] { 0, 255, 255, 0 })]
    [TestCase("P2 1 2 100 100 50\n", new byte[] { 255, 128 })]
    [TestCase("P3 1 1 1 1 1 1\n", new byte[] { 255 })]
    public void A_picture_as_text_is_parted_by_any_blank(string text, byte[] expected)
    {
        File.WriteAllText(_folder.File("a.pgm"), text);
        using var picture = PictureFile.Open(_folder.File("a.pgm"));
        var luma = new byte[expected.Length];
        picture.Read(luma);
        Assert.That(luma, Is.EqualTo(expected));
        Assert.That(() => picture.Read(new byte[expected.Length + 1]), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [TestCase("P1 1 1 1", "it is of the form P1 of Netpbm")]
    [TestCase("P7 1 1 1", "it is of the form P7 of Netpbm")]
    [TestCase("P2 1 1 0 0", "it states 0 as its largest value")]
    [TestCase("P2 1 1 65536 0", "it states 65536 as its largest value")]
    [TestCase("P2 1 1 100 101\n", "it holds the value 101, but states 100 as its largest")]
    [TestCase("P2 0 1 1 0", "it states 1 × 0 pixels")]
    [TestCase("P5 1 0 1 0", "it states 0 × 1 pixels")]
    public void A_picture_that_cannot_be_is_refused(string text, string message)
    {
        File.WriteAllText(_folder.File("a.pgm"), text);
        Assert.That(() =>
        {
            using var picture = PictureFile.Open(_folder.File("a.pgm"));
            picture.Read(new byte[1]);
        }, Throws.TypeOf<FileFormatException>().With.Message.Contains(message));
    }
}
