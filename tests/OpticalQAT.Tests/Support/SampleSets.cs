using System.Buffers.Binary;
using OpticalQAT.Data;
using OpticalQAT.Formats;
using OpticalQAT.Tests.Support.Pictures;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Support;

/// <summary>A small set of each kind of dataset, in a folder where the kind reads files.</summary>
internal static class SampleSets
{
    private static readonly string[] PictureSplits = ["train", "val", "test"];

    /// <summary>One of each kind of the catalogue, with its files of that size in a folder; a kind that has no sample here fails every law over the kinds.</summary>
    public static DatasetKind Write(DatasetKind kind, string folder, int height, int width) => kind switch
    {
        Glyphs glyphs => glyphs with { TrainCount = 12, ValidationCount = 11, TestCount = 10 },
        Cells cells => cells with { TrainCount = 4, ValidationCount = 3, TestCount = 2 },
        Mnist mnist => WriteIdx(mnist, folder, height, width),
        NpyFolder npy => WriteArrays(npy, folder, height, width),
        ImageFolder images => WritePictures(images, folder, height, width),
        _ => throw new NotSupportedException($"Give {kind.GetType().Name} a small set of files here."),
    };

    private static Mnist WriteIdx(Mnist mnist, string folder, int height, int width)
    {
        foreach (var (name, count) in new[] { ("train", 6), ("t10k", 3) })
        {
            byte[] pixels = [.. Enumerable.Range(0, count * height * width).Select(i => (byte)(i * 37 + 1))];
            File.WriteAllBytes(Path.Combine(folder, $"{name}-images-idx3-ubyte"), [0, 0, 8, 3, .. Sizes(count, height, width), .. pixels]);
            File.WriteAllBytes(Path.Combine(folder, $"{name}-labels-idx1-ubyte"), [0, 0, 8, 1, .. Sizes(count), .. Enumerable.Range(0, count).Select(i => (byte)(i % 3))]);
        }
        return mnist with { Folder = folder, ValidationCount = 2 };
    }

    private static NpyFolder WriteArrays(NpyFolder npy, string folder, int height, int width)
    {
        using var scope = NewDisposeScope();
        foreach (var split in PictureSplits)
        {
            foreach (var (part, i) in new[] { ("phase", 0), ("phase", 1), ("amp", 0), ("amp", 1) })
            {
                var path = Directory.CreateDirectory(Path.Combine(folder, split, part)).FullName;
                NpyFile.Write(Path.Combine(path, $"{i}.npy"), linspace(0.1 + i, 2 + i, height * width, ScalarType.Float64).view(height, width));
            }
        }
        return npy with { Folder = folder };
    }

    private static ImageFolder WritePictures(ImageFolder images, string folder, int height, int width)
    {
        foreach (var split in PictureSplits)
        {
            for (var i = 0; i < 2; i++)
            {
                var path = Directory.CreateDirectory(Path.Combine(folder, split)).FullName;
                byte[] grey = [.. Enumerable.Range(0, height * width).Select(pixel => (byte)(pixel * 41 + i))];
                File.WriteAllBytes(Path.Combine(path, $"{i}.png"), SamplePictures.Png(grey, height, width));
            }
        }
        return images with { Folder = folder };
    }

    private static byte[] Sizes(params int[] sizes) => [.. sizes.SelectMany(size =>
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, size);
        return bytes;
    })];
}
