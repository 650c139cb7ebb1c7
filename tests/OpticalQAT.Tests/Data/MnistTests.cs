using NUnit.Framework;
using OpticalQAT.Data;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Data;

public class MnistTests
{
    private MnistFolder _folder = null!;
    private Mnist _mnist = null!;
    private TorchSharp.DisposeScope _scope = null!;

    [SetUp]
    public void MakeFolder()
    {
        _folder = new MnistFolder();
        _mnist = new Mnist { Folder = _folder.Path, ValidationCount = 2, Fit = SquareFit.Stretch };
        _scope = NewDisposeScope();
    }

    [TearDown]
    public void RemoveFolder()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void TrainingAndValidationShareTheTrainingFiles()
    {
        var data = _mnist.Load();
        Assert.Multiple(() =>
        {
            Assert.That(data.Train.Images.shape, Is.EqualTo(new long[] { 6, 2, 3 }));
            Assert.That(data.Validation.Images.shape, Is.EqualTo(new long[] { 2, 2, 3 }));
            Assert.That(Numbers(data.Train).Concat(Numbers(data.Validation)).Order(), Is.EqualTo(new byte[] { 0, 1, 2, 3, 4, 5, 6, 7 }));
            Assert.That(string.Join(' ', data.ClassNames), Is.EqualTo("0 1 2"));
        });
    }

    [Test]
    public void LabelsStayWithTheirImages()
    {
        var data = _mnist.Load();
        Assert.That(Labels(data.Train), Is.EqualTo(Numbers(data.Train).Select(number => (long)number % 3)));
        Assert.That(Labels(data.Validation), Is.EqualTo(Numbers(data.Validation).Select(number => (long)number % 3)));
    }

    [Test]
    public void TheTestSplitIsTheTestFileInItsOrder()
    {
        var data = _mnist.Load();
        Assert.That(Numbers(data.Test), Is.EqualTo(new byte[] { 0, 1, 2, 3 }));
        Assert.That(Labels(data.Test), Is.EqualTo(new long[] { 2, 1, 0, 2 }));
    }

    [Test]
    public void ASmallerTrainingSetIsPartOfALargerOneAndLeavesValidationAlone()
    {
        var all = _mnist.Load();
        var some = (_mnist with { TrainCount = 3, TestCount = 2 }).Load();
        Assert.Multiple(() =>
        {
            Assert.That(Numbers(some.Train), Has.Length.EqualTo(3).And.SubsetOf(Numbers(all.Train)));
            Assert.That(Numbers(some.Validation), Is.EqualTo(Numbers(all.Validation)));
            Assert.That(Numbers(some.Test), Has.Length.EqualTo(2).And.Unique);
        });
    }

    [TestCase("{0}-images-idx3-ubyte.gz", "{0}-labels-idx1-ubyte.gz")]
    [TestCase("{0}-images.idx3-ubyte", "{0}-labels.idx1-ubyte")]
    [TestCase("{0}-images.idx3-ubyte.gz", "{0}-labels.idx1-ubyte.gz")]
    public void EverySpellingOfTheFilesIsRead(string images, string labels)
    {
        var expected = Numbers(_mnist.Load().Train);
        foreach (var name in new[] { "train", "t10k" })
        {
            Respell($"{name}-images-idx3-ubyte", string.Format(images, name));
            Respell($"{name}-labels-idx1-ubyte", string.Format(labels, name));
        }

        Assert.That(Numbers(_mnist.Load().Train), Is.EqualTo(expected));
    }

    [Test]
    public void LabelsThatStartAtOneAreCountedFromZeroAndKeepTheirNames()
    {
        _folder.Write("train", [1, 2, 3, 1]);
        _folder.Write("t10k", [3, 1]);
        var data = _mnist.Load();
        Assert.That(Labels(data.Test), Is.EqualTo(new long[] { 2, 0 }));
        Assert.That(string.Join(' ', data.ClassNames), Is.EqualTo("1 2 3"));
    }

    [Test]
    public void ClassesCanBeNamed()
    {
        var data = (_mnist with { ClassNames = ["shirt", "shoe", "bag"] }).Load();
        Assert.That(string.Join(' ', data.ClassNames), Is.EqualTo("shirt shoe bag"));
    }

    [Test]
    public void EveryNeedNotMetIsSaid()
    {
        Assert.Multiple(() =>
        {
            AssertFails(
                _mnist with { ClassNames = ["shirt", "shoe"] },
                $"{_folder.Path}: class_names has 2 names, but the labels from 0 to 2 need 3.");
            AssertFails(
                _mnist with { TrainCount = 7 },
                $"{_folder.Path}: train_count 7 and validation_count 2 are more than the 8 examples of the training files. Ask for fewer.");
            AssertFails(
                _mnist with { ValidationCount = 8 },
                $"{_folder.Path}: validation_count 8 leaves none of the 8 examples of the training files to train on. Ask for fewer.");
            AssertFails(
                _mnist with { TestCount = 5 },
                $"{_folder.Path}: test_count 5 is more than the 4 examples of the test files. Ask for fewer.");
        });
    }

    [Test]
    public void AMissingFileSaysWhereItWasSoughtAndHowToGetIt()
    {
        File.Delete(_folder.FullName("t10k-labels-idx1-ubyte"));
        AssertFails(
            _mnist,
            $"{_folder.Path} has none of t10k-labels-idx1-ubyte, t10k-labels-idx1-ubyte.gz, t10k-labels.idx1-ubyte, t10k-labels.idx1-ubyte.gz. "
            + $"`scripts/get-mnist.sh {_folder.Path}` downloads MNIST there; files that are elsewhere are named by task.dataset.folder=FOLDER.");
    }

    [Test]
    public void AMissingFolderIsNamedInFull() =>
        Assert.That(
            () => (_mnist with { Folder = "no/such/folder" }).Load(),
            Throws.TypeOf<DataException>().With.Message.StartsWith($"There is no folder {Path.GetFullPath("no/such/folder")}. "));

    [Test]
    public void ImagesAndLabelsMustBeAsMany()
    {
        _folder.WriteIdx("train-labels-idx1-ubyte", [7], [0, 1, 2, 0, 1, 2, 0]);
        AssertFails(
            _mnist,
            $"{_folder.Path}: train has 8 images but 7 labels. They must be as many: the two files come from different sets, fetch both again.");
    }

    [Test]
    public void ALabelFarFromTheOthersMeansDamage()
    {
        _folder.Write("train", [0, 1, 2, 0, 1, 2, 0, 200]);
        AssertFails(
            _mnist,
            $"{_folder.Path}: train-labels runs from 0 to 200 but has no label 3. "
            + "Labels must be numbered one after another: the file is damaged or incomplete.");
    }

    [Test]
    public void TestLabelsMustBeAmongTheTrainingLabels()
    {
        _folder.Write("t10k", [0, 3]);
        AssertFails(
            _mnist,
            $"{_folder.Path}: t10k-labels runs from 0 to 3, but train-labels has 3 classes, numbered from 0. The files are of another set.");
    }

    [Test]
    public void TrainingAndTestImagesMustBeOfOneSize()
    {
        _folder.Write("t10k", [0, 1], height: 3, width: 2);
        AssertFails(_mnist, $"{_folder.Path}: training images are 2 × 3 pixels but test images 3 × 2. They must be alike.");
    }

    [Test]
    public void AFileOfAnotherKindIsNamed()
    {
        _folder.WriteIdx("train-images-idx3-ubyte", [8], new byte[8]);
        AssertFails(
            _mnist,
            $"{_folder.FullName("train-images-idx3-ubyte")}: expected 3 dimensions, but it has 1. Is it another file under this name?");
    }

    [Test]
    public void ADamagedFileIsNamed()
    {
        var path = _folder.FullName("train-images-idx3-ubyte");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..20]);
        Assert.That(_mnist.Load, Throws.TypeOf<DataException>().With.Message.Contains(path));
    }

    private static void AssertFails(Mnist mnist, string message) =>
        Assert.That(mnist.Load, Throws.TypeOf<DataException>().With.Message.EqualTo(message));

    private void Respell(string from, string to)
    {
        var bytes = File.ReadAllBytes(_folder.FullName(from));
        File.Delete(_folder.FullName(from));
        var shape = Enumerable.Range(0, bytes[3]).Select(i => (int)bytes[7 + (4 * i)]).ToArray();
        _folder.WriteIdx(to, shape, bytes[(4 + (4 * shape.Length))..]);
    }

    private static byte[] Numbers(Examples split) => split.Images[.., 0, 0].contiguous().data<byte>().ToArray();

    private static long[] Labels(Examples split) => split.Labels.data<long>().ToArray();
}
