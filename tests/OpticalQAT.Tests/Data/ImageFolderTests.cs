using NUnit.Framework;
using OpticalQAT.Data;
using OpticalQAT.Tests.Support.Pictures;
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
        var data = Kind.Load();
        Assert.That(data.ClassNames, Is.Empty);
        Assert.That(data.Train.Images.shape, Is.EqualTo(new long[] { 3, 2, 3 }));
        Assert.That(data.Train.Images[.., 1, 2].data<byte>().ToArray(), Is.EqualTo(new byte[] { 200, 150, 0 }));
    }

    [Test]
    public void All_formats_may_lie_side_by_side()
    {
        foreach (var (name, bytes) in SamplePictures.Exact())
        {
            Directory.CreateDirectory(Path.Combine(_folder, "train"));
            File.WriteAllBytes(Path.Combine(_folder, "train", name), bytes);
        }
        var train = Kind.Load(new DataRequest(Splits.Train)).Train;
        Assert.That(train.Count, Is.EqualTo(SamplePictures.Exact().Count()));
        for (var i = 0L; i < train.Count; i++)
            Assert.That(train.Images[i].data<byte>().ToArray(), Is.EqualTo(SamplePictures.Grey));
    }

    [Test]
    public void It_is_said_where_samples_lose_bits()
    {
        WriteAll(split => $"{split}/a.png");
        Assert.That((Kind with { Fit = SquareFit.Crop }).Load().Remarks, Has.Count.EqualTo(1), "the cropping alone");
        File.WriteAllBytes(Path.Combine(_folder, "val", "a.png"), SamplePictures.Png([1, 2, 3, 4, 5, 6], 2, 3, bits: 16));
        Assert.That(Kind.Load().Remarks[0], Is.EqualTo($"{Path.Combine(_folder, "val", "a.png")} has more than 8 bits for a sample; pictures are rounded to 8 bits, 0 to 255 from dark to bright."));
    }

    [Test]
    public void Folders_in_a_split_are_its_classes()
    {
        WriteAll(split => $"{split}/cat/1.png");
        WriteAll(split => $"{split}/ant/1.png");
        var data = Kind.Load();
        Assert.That(data.ClassNames, Is.EqualTo((string[])["ant", "cat"]));
        Assert.That(data.Test.Labels.data<long>().ToArray(), Is.EqualTo(new[] { 0L, 1 }));
    }

    [Test]
    public void Where_a_model_knows_the_classes_a_split_may_lack_some_but_have_no_other()
    {
        Write("test/cat/1.png", 3, 3, SKColors.White);
        var request = new DataRequest(Splits.Test) { ClassNames = ["ant", "bee", "cat"] };
        var data = Kind.Load(request);
        Assert.That(data.ClassNames, Is.EqualTo(request.ClassNames));
        Assert.That(data.Test.Labels.item<long>(), Is.EqualTo(2));
        Write("test/dog/1.png", 3, 3, SKColors.White);
        Assert.That(() => Kind.Load(request), Throws.TypeOf<DataException>().With.Message.EqualTo(
            $"{_folder}: test has the classes cat, dog, but the model was trained on the classes ant, bee, cat. A split may lack classes, but not have others."));
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
        Refused("val/a.png: this is no picture that can be read");
        File.Delete(Path.Combine(_folder, "val", "a.png"));
        Refused("val holds no pictures", ".png");
        Directory.CreateDirectory(Path.Combine(_folder, "val", "cat"));
        Refused("train has no classes, but val has the classes cat");
        Directory.CreateDirectory(Path.Combine(_folder, "train", "cat"));
        Refused("train holds both pictures and folders");
    }

    private ImageFolder Kind => new() { Folder = _folder, Fit = SquareFit.Stretch };

    private void Refused(params string[] parts)
    {
        var refusal = Assert.Throws<DataException>(() => Kind.Load())!;
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
