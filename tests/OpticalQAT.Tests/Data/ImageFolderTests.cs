using NUnit.Framework;
using OpticalQAT.Data;
using SkiaSharp;

namespace OpticalQAT.Tests.Data;

public class ImageFolderTests
{
    private string _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("pictures-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Pictures_become_their_luma_and_what_is_transparent_is_dark()
    {
        WriteAll(split => $"{split}/a.png");
        Write("train/b.png", 3, 2, new SKColor(0, 255, 0));
        Write("train/c.png", 3, 2, new SKColor(255, 255, 255, 0));
        var data = new ImageFolder { Folder = _folder }.Load();
        Assert.That(data.ClassNames, Is.Empty);
        Assert.That(data.Train.Images.shape, Is.EqualTo(new long[] { 3, 2, 3 }));
        Assert.That(data.Train.Images[.., 1, 2].data<byte>().ToArray(), Is.EqualTo(new byte[] { 200, 150, 0 }));
    }

    [Test]
    public void Folders_in_a_split_are_its_classes()
    {
        WriteAll(split => $"{split}/cat/1.png");
        WriteAll(split => $"{split}/ant/1.png");
        var data = new ImageFolder { Folder = _folder }.Load();
        Assert.That(data.ClassNames, Is.EqualTo((string[])["ant", "cat"]));
        Assert.That(data.Test.Labels.data<long>().ToArray(), Is.EqualTo(new[] { 0L, 1 }));
    }

    [Test]
    public void What_is_wrong_is_said()
    {
        Refused("There is no folder", "train");
        WriteAll(split => $"{split}/a.png");
        Directory.Delete(Path.Combine(_folder, "val"), recursive: true);
        Refused("There is no folder", "val");
        Write("val/a.png", 5, 2, SKColors.White);
        Refused("val/a.png is 2 × 5 pixels", "train/a.png is 2 × 3");
        File.WriteAllText(Path.Combine(_folder, "val", "a.png"), "no picture");
        Refused("val/a.png is no picture that can be read");
        File.Delete(Path.Combine(_folder, "val", "a.png"));
        Refused("val holds no pictures", ".png");
        Directory.CreateDirectory(Path.Combine(_folder, "val", "cat"));
        Refused("train has no classes, but val has the classes cat");
        Directory.CreateDirectory(Path.Combine(_folder, "train", "cat"));
        Refused("train holds both pictures and folders");
    }

    private void Refused(params string[] parts)
    {
        var refusal = Assert.Throws<DataException>(() => new ImageFolder { Folder = _folder }.Load())!;
        foreach (var part in parts)
            Assert.That(refusal.Message, Does.Contain(part));
    }

    private void WriteAll(Func<string, string> name)
    {
        foreach (var split in new[] { "train", "val", "test" })
            Write(name(split), 3, 2, new SKColor(200, 200, 200));
    }

    private void Write(string name, int width, int height, SKColor color)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.Erase(color);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(path, data.ToArray());
    }
}
