using System.Text;
using NUnit.Framework;
using OpticalQAT.Data;
using OpticalQAT.Formats;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Support;
using OpticalQAT.Tests.Support.Fuzzing;
using OpticalQAT.Tests.Support.Pictures;
using OpticalQAT.Units;
using TorchSharp;

namespace OpticalQAT.Tests.Trust;

/// <summary>
/// Damaged pictures and arrays, read as a dataset reads them: each is answered by a sentence or read, in bounded time and
/// memory. A thousand in all; OPTICALQAT_FUZZ gives another number, and scripts/fuzz.sh twenty thousand.
/// </summary>
[Category("Fuzz")]
public class PictureFuzzTests
{
    private static readonly int InputsOfEach = FuzzCheck.InputsOfEach(targets: 4);

    private static readonly string[] NumpyWords =
    [
        "'<f2'", "'>f8'", "'>c16'", "'|b1'", "'<u2'", "'>u8'", "'|O'", "'<U3'", "(0, 0)", "(0, 9223372036854775807)", "(4294967296, 4294967296)", "(1,)", "()", "(5, 7, 1, 1, 1)", "True", "False", "'shape'",
        "'descr'", "'fortran_order'", "[", "]", "{", "}", "(", ")", ",", ":", "'", "NUMPY", "-1", "nan",
    ];

    private static readonly string[] PlainWords = ["P2 ", "P3 ", "P5 ", "P6 ", "P7 ", "# ", "\n", "0 ", "-1 ", "65535 ", "65536 ", "2147483647 ", "99999999999 ", "16384 ", "255\n"];

    private static readonly byte[][] TiffWords =
    [
        [0, 1], [1, 0], [1, 1], [2, 1], [3, 1], [6, 1], [0x11, 1], [0x15, 1], [0x16, 1], [0x17, 1], [0x1c, 1], [0x42, 1], [0x43, 1], [0x44, 1], [0x52, 1], [0x53, 1],
        [3, 0], [4, 0], [5, 0], [16, 0], [7, 0], [6, 0], [8, 0], [0xb2, 0x80], [0x87, 0x75], [0xff, 0xff, 0xff, 0x7f], [0, 0, 0, 0x80], [.. "II*\0"u8], [.. "MM\0*"u8], [.. "II+\0\u0008\0\0\0"u8],
    ];

    private static readonly string[] CodecWords =
    [
        "IHDR", "IDAT", "IEND", "PLTE", "tRNS", "iCCP", "eXIf", "zTXt", "acTL", "fcTL", "fdAT", "Exif\0\0", "GIF89a", "NETSCAPE2.0", "RIFF", "WEBP", "VP8 ", "VP8L", "VP8X", "ANIM", "ANMF", "ALPH", "BM",
    ];

    private static readonly byte[][] Markers =
        [[0xff, 0xd8], [0xff, 0xd9], [0xff, 0xda], [0xff, 0xc0], [0xff, 0xc2], [0xff, 0xc4], [0xff, 0xdb], [0xff, 0xdd], [0xff, 0xd0], [0xff, 0xe1], [0x2c], [0x3b], [0x21, 0xf9], [0, 0, 0x40, 0], [0x3f, 0xff]];

    [Test]
    public void Pictures_of_cameras_screens_and_the_web() => Pictures(
        "codecs", [.. Samples(".png", ".bmp", ".webp", ".gif", ".jpg"), SamplePictures.Gif(2), SamplePictures.Jpeg(6)], [.. CodecWords.Select(Encoding.Latin1.GetBytes), .. Markers]);

    [Test]
    public void Tiff_files() => Pictures("tiff", Samples(".tif", ".tiff"), TiffWords);

    [Test]
    public void Netpbm_files() => Pictures("netpbm", Samples(".pgm", ".ppm"), [.. PlainWords.Select(Encoding.Latin1.GetBytes)]);

    [Test]
    public void Npy_files()
    {
        using var folder = new TemporaryFolder();
        var file = FileIn(folder, "train/phase/a.npy");
        var kind = new NpyFolder { Folder = folder.Path, Amplitudes = false, Maximum = new Angle(1e6) };
        byte[][] seeds = [.. NumpyArrays.Every().Select(array => array.Bytes)];
        FuzzCheck.Run("npy", InputsOfEach, seeds, [.. NumpyWords.Select(Encoding.Latin1.GetBytes), [0, 0x7c], [0, 0xfe], [0, 0, 0xc0, 0x7f]], (mutator, seed) => mutator.Mutate(seed), bytes =>
        {
            using var scope = torch.NewDisposeScope();
            File.WriteAllBytes(file, bytes);
            _ = NpyFile.Read(file);
            return kind.Load(new DataRequest(Splits.Train)).Train.Count == 1;
        }, e => e is FileFormatException or DataException);
    }

    private static void Pictures(string name, byte[][] seeds, byte[][] words)
    {
        using var folder = new TemporaryFolder();
        var file = FileIn(folder, "train/a.png"); // the content tells the format
        var kind = new ImageFolder { Folder = folder.Path };
        FuzzCheck.Run(name, InputsOfEach, seeds, words, (mutator, seed) => mutator.Mutate(seed), bytes =>
        {
            using var scope = torch.NewDisposeScope();
            File.WriteAllBytes(file, bytes);
            return kind.Load(new DataRequest(Splits.Train)).Train.Count == 1;
        }, e => e is DataException refusal && refusal.Message.Contains(file, StringComparison.Ordinal) || e is DataException { Message: var message } && message.Contains("of memory while they are read", StringComparison.Ordinal));
    }

    private static byte[][] Samples(params string[] endings) =>
        [.. SamplePictures.Exact().Concat(SamplePictures.Others()).Where(picture => endings.Contains(Path.GetExtension(picture.Name))).Select(picture => picture.Bytes)];

    private static string FileIn(TemporaryFolder folder, string name)
    {
        var file = folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return file;
    }
}
