using NUnit.Framework;
using OpticalQAT.Data;
using OpticalQAT.Formats;
using OpticalQAT.Tests.Runtime;
using SkiaSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Data;

/// <summary>Folders whose splits, and whose colours, all differ: what is read in another's place shows.</summary>
public sealed class FolderReadingTests
{
    private static readonly string[] Splits = ["train", "val", "test"];

    [Test]
    public void Each_primary_colour_has_its_own_brightness()
    {
        using var folder = new TemporaryFolder();
        SKColor[] colours = [new(255, 0, 0), new(0, 255, 0), new(0, 0, 255)];
        foreach (var (split, path) in Splits.Select(split => (split, Folder(folder, split))))
        {
            foreach (var (colour, i) in colours.Select((colour, i) => (colour, i)))
            {
                using var bitmap = new SKBitmap(4, 4);
                bitmap.Erase(colour);
                using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
                File.WriteAllBytes(Path.Combine(path, $"{i}.png"), png.ToArray());
            }
        }
        var data = new ImageFolder { Folder = folder.Path }.Load();
        // 0.299, 0.587 and 0.114 of 255, as ITU-R BT.601 weighs them
        Assert.That(data.Train.Images[.., 1, 2].data<byte>().ToArray(), Is.EqualTo(new byte[] { 76, 150, 29 }));
    }

    [Test]
    public void Each_split_is_read_from_its_own_folder()
    {
        using var folder = new TemporaryFolder();
        foreach (var (i, split) in Splits.Index())
        {
            NpyFile.Write(Path.Combine(Folder(folder, $"{split}/phase"), "0.npy"), full([4, 4], 0.5f + i));
            NpyFile.Write(Path.Combine(Folder(folder, $"{split}/amp"), "0.npy"), full([4, 4], 0.1f * i));
        }
        var data = new NpyFolder { Folder = folder.Path }.Load();
        Examples[] read = [data.Train, data.Validation, data.Test];
        Assert.That(read.Select(split => split.Images[0, 0, 0].item<float>()), Is.EqualTo((float[])[0.5f, 1.5f, 2.5f]));
        Assert.That(read.Select(split => split.Amplitudes![0, 0, 0].item<float>()), Is.EqualTo((float[])[0, 0.1f, 0.2f]));
    }

    private static string Folder(TemporaryFolder folder, string name) => Directory.CreateDirectory(folder.File(name)).FullName;
}
