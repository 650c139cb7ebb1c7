using NUnit.Framework;
using OpticalQAT.Data;
using OpticalQAT.Formats;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Data;

/// <summary>The sets that are published in MNIST's form, under the names and with the headers that they have.</summary>
public class MnistFamilyTests
{
    private const string Balanced = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt";

    // A flag that no turn and no mirror leaves alone, two rows of three, and the same with columns first.
    private static readonly byte[] Upright = [1, 2, 3, 4, 5, 6];
    private static readonly byte[] ColumnsFirst = [1, 4, 2, 5, 3, 6];

    private MnistFolder _folder = null!;
    private Mnist _mnist = null!;
    private TorchSharp.DisposeScope _scope = null!;

    [SetUp]
    public void MakeFolder()
    {
        _folder = new MnistFolder();
        foreach (var file in Directory.GetFiles(_folder.Path))
            File.Delete(file);
        _mnist = new Mnist { Folder = _folder.Path, ValidationCount = 1, Fit = SquareFit.Stretch };
        _scope = NewDisposeScope();
    }

    [TearDown]
    public void RemoveFolder()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [TestCase("")]
    [TestCase(".gz")]
    public void Qmnist_is_read_as_it_is_published(string packed)
    {
        WriteImages($"qmnist-train-images-idx3-ubyte{packed}", 5, Upright);
        _folder.WriteLabels($"qmnist-train-labels-idx2-int{packed}", [0, 1, 2, 0, 1], IdxType.Int, columns: 8);
        WriteImages($"qmnist-test-images-idx3-ubyte{packed}", 3, Upright);
        _folder.WriteLabels($"qmnist-test-labels-idx2-int{packed}", [2, 0, 1], IdxType.Int, columns: 8);

        var data = _mnist.Load();

        Assert.That(Labels(data.Test), Is.EqualTo(new long[] { 2, 0, 1 }));
        Assert.That(data.Train.Count, Is.EqualTo(4));
        Assert.That(data.ClassNames, Is.EqualTo((string[])["0", "1", "2"]));
        Assert.That(First(data.Test), Is.EqualTo(Upright));
    }

    [Test]
    public void The_letters_of_Emnist_come_out_upright_and_are_called_by_their_letters()
    {
        WriteSet("emnist-letters", "test", [1, 2, 3, 1, 2, 3, 1], [3, 1], ColumnsFirst, height: 3, width: 2, packed: ".gz");

        var data = _mnist.Load();

        Assert.That(data.Test.Images.shape, Is.EqualTo(new long[] { 2, 2, 3 }));
        Assert.That(First(data.Test), Is.EqualTo(Upright));
        Assert.That(First(data.Train), Is.EqualTo(Upright));
        Assert.That(Labels(data.Test), Is.EqualTo(new long[] { 2, 0 }));
        Assert.That(data.ClassNames, Is.EqualTo((string[])["A", "B", "C"]));
    }

    [TestCase("emnist-letters", false, new byte[] { 1, 4, 2, 5, 3, 6 })]
    [TestCase("", true, new byte[] { 1, 2, 3, 4, 5, 6 })]
    public void Whether_images_are_transposed_can_be_said(string set, bool transposed, byte[] shown)
    {
        WriteSet(set, "test", [1, 2, 1], [1], ColumnsFirst, height: 3, width: 2);
        Assert.That(First((_mnist with { Transposed = transposed }).Load().Test), Is.EqualTo(shown));
    }

    [TestCase("balanced", 0, Balanced)]
    [TestCase("bymerge", 0, Balanced)]
    [TestCase("byclass", 0, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")]
    [TestCase("letters", 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")]
    [TestCase("digits", 0, "0123456789")]
    [TestCase("mnist", 0, "0123456789")]
    public void Every_part_of_Emnist_has_its_names(string part, int first, string names)
    {
        var labels = Enumerable.Range(first, names.Length).Select(label => (byte)label).ToArray();
        WriteSet($"emnist-{part}", "test", labels, labels, ColumnsFirst, height: 3, width: 2);
        Assert.That(string.Concat(_mnist.Load().ClassNames), Is.EqualTo(names));
    }

    [Test]
    public void A_mapping_file_names_the_classes()
    {
        WriteSet("emnist-own", "test", [1, 2, 1], [2], Upright);
        File.WriteAllText(_folder.FullName("emnist-own-mapping.txt"), "1 945 \n2 946 66\n");
        Assert.That(_mnist.Load().ClassNames, Is.EqualTo((string[])["α", "β"]));

        File.WriteAllText(_folder.FullName("emnist-own-mapping.txt"), "1 65\n1 66\n");
        AssertFails(_mnist, $"{_folder.FullName("emnist-own-mapping.txt")}:2: expected a label that stands there once and the code of its character, such as '10 65' for A. Fetch the file again, or take it away: task.dataset.class_names=[…] names the classes too.");

        File.WriteAllText(_folder.FullName("emnist-own-mapping.txt"), "1 65\n");
        AssertFails(_mnist, $"{_folder.Path}: emnist-own-train-labels has the label 2, which stands for nothing in emnist-own. The files come from different sets; or name the classes by task.dataset.class_names=[…].");
        Assert.That((_mnist with { ClassNames = ["x", "y"] }).Load().ClassNames, Is.EqualTo((string[])["x", "y"]));
    }

    [TestCase("MNIST/raw", "")]
    [TestCase("FashionMNIST/raw", "")]
    [TestCase("EMNIST/raw", "emnist-letters")]
    [TestCase("QMNIST/raw", "qmnist")]
    [TestCase("raw", "")]
    [TestCase("gzip", "emnist-digits")]
    public void The_folders_of_torchvision_and_of_Emnists_archive_are_found(string below, string set)
    {
        WriteSet($"{below}/{set}", set.Length > 0 ? "test" : "t10k", [1, 2, 1, 2], [2, 1], Upright);
        WriteImages($"{below}/._{set}-train-images-idx3-ubyte", 1, Upright); // a Mac's
        File.WriteAllText(_folder.FullName("._train-images-idx3-ubyte"), "Mac OS X");
        Assert.That(_mnist.Load().Test.Count, Is.EqualTo(2));
        Assert.That((_mnist with { Folder = _folder.FullName(below) }).Load().Test.Count, Is.EqualTo(2));
    }

    [Test]
    public void Of_several_sets_one_is_named()
    {
        WriteSet("MNIST/raw/", "t10k", [0, 1, 0], [0], Upright);
        WriteSet("FashionMNIST/raw/", "t10k", [0, 1, 0], [0, 1], Upright);
        WriteSet("EMNIST/raw/emnist-letters", "test", [1, 2, 1], [2, 1, 1], Upright);
        WriteSet("EMNIST/raw/emnist-digits", "test", [0, 1, 0], [0, 1, 0, 1], Upright);
        const string Held = "emnist-digits (in EMNIST/raw), emnist-letters (in EMNIST/raw), FashionMNIST (in FashionMNIST/raw), MNIST (in MNIST/raw)";

        AssertFails(_mnist, $"{_folder.Path} holds several sets: {Held}. Name one by task.dataset.subset=NAME, for instance task.dataset.subset=emnist-digits.");
        AssertFails(_mnist with { Subset = "kmnist" }, $"{_folder.Path} holds no set 'kmnist'. It holds {Held}; name one by task.dataset.subset=NAME.");
        AssertFails(_mnist with { Folder = _folder.FullName("EMNIST") }, $"{_folder.FullName("EMNIST")} holds several sets: emnist-digits (in raw), emnist-letters (in raw). Name one by task.dataset.subset=NAME, for instance task.dataset.subset=emnist-digits.");
        Assert.That(
            ((string[])["mnist", "FashionMNIST", "letters", "emnist-digits"]).Select(subset => (_mnist with { Subset = subset }).Load().Test.Count),
            Is.EqualTo(new long[] { 1, 2, 3, 4 }));
    }

    [Test]
    public void Files_named_like_Mnist_come_before_others_in_the_folder()
    {
        WriteSet("", "t10k", [0, 1, 0], [0], Upright);
        WriteSet("qmnist", "test", [0, 1, 0], [0, 1], Upright);
        Assert.That(_mnist.Load().Test.Count, Is.EqualTo(1));
        Assert.That((_mnist with { Subset = "qmnist" }).Load().Test.Count, Is.EqualTo(2));
        Assert.That(((string?[])[null, "qmnist"]).Select(subset => ((Mnist)(_mnist with { Subset = subset }).ByContent()).Folder), Is.Unique.And.All.StartsWith("sha256:"));
    }

    [Test]
    public void What_is_not_packed_comes_first()
    {
        WriteSet("", "t10k", [0, 1, 0], [0], Upright);
        File.WriteAllText(_folder.FullName("t10k-images-idx3-ubyte.gz"), "damaged");
        Assert.That(_mnist.Load().Test.Count, Is.EqualTo(1));
    }

    [TestCase(IdxType.UnsignedByte)]
    [TestCase(IdxType.SignedByte)]
    [TestCase(IdxType.Short)]
    [TestCase(IdxType.Int)]
    public void Labels_may_be_integers_of_any_type(IdxType type)
    {
        WriteSet("", "t10k", [0], [0, 0, 0], Upright);
        WriteImages("train-images-idx3-ubyte", 4, Upright);
        _folder.WriteLabels("train-labels-idx1-ubyte", [0, 1, 2, 0], type);
        _folder.WriteLabels("t10k-labels-idx1-ubyte", [2, 1, 0], type);
        Assert.That(Labels(_mnist.Load().Test), Is.EqualTo(new long[] { 2, 1, 0 }));
    }

    [Test]
    public void What_is_no_label_is_refused()
    {
        WriteSet("", "t10k", [0, 1, 0], [0], Upright);
        var labels = _folder.FullName("train-labels-idx1-ubyte");

        _folder.WriteIdx("train-labels-idx1-ubyte", [3, 2], [1, 0, 0, 1, 1, 0]);
        AssertFails(_mnist, $"{labels}: its shape is [3, 2]. Labels are one number for each image, or QMNIST's 8 columns of 32 bits, of which the first is the class. Write the numbers of the classes.");
        _folder.WriteLabels("train-labels-idx1-ubyte", [0, -1, 0], IdxType.SignedByte);
        AssertFails(_mnist, $"{labels}: example 1 has the label -1, and labels are not negative. The file is damaged, or holds something else.");
        _folder.WriteLabels("train-labels-idx1-ubyte", [0, int.MaxValue, 0], IdxType.Int);
        AssertFails(_mnist, $"{_folder.Path}: train-labels runs from 0 to 2147483647 but has no label 1. Labels must be numbered one after another: the file is damaged or incomplete.");
        _folder.WriteIdx("train-images-idx3-ubyte", [3, 1, 1], new byte[12], IdxType.Int);
        AssertFails(_mnist, $"{_folder.FullName("train-images-idx3-ubyte")}: its elements are of type 0x0c, but images are read as unsigned bytes (0x08). Is it another file under this name?");
    }

    [Test]
    public void What_is_missing_of_a_set_is_named_as_it_is_published()
    {
        WriteSet("qmnist", "test", [0, 1, 0], [0], Upright);
        File.Delete(_folder.FullName("qmnist-train-labels-idx1-ubyte"));
        AssertFails(_mnist, $"{_folder.Path} has none of qmnist-train-labels-idx2-int, qmnist-train-labels-idx2-int.gz. Fetch the file from where the others of qmnist came; files that are elsewhere are named by task.dataset.folder=FOLDER.");

        WriteSet("qmnist", "t10k", [0, 1, 0], [0], Upright);
        AssertFails(_mnist, $"{_folder.Path} holds both qmnist-t10k-images-idx3-ubyte and qmnist-test-images-idx3-ubyte. Which is the test split? Move the other to another folder.");
        AssertFails(_mnist with { Subset = "letters", Folder = _folder.FullName("none") }, $"There is no folder {_folder.FullName("none")}. `scripts/get-mnist.sh {_folder.FullName("none")}` downloads MNIST there; files that are elsewhere are named by task.dataset.folder=FOLDER.");
    }

    /// <summary>Evaluation has the test files only, and a model's classes; a split may lack the first or the last of them.</summary>
    [TestCase("", new byte[] { 1, 2 }, new[] { "0", "1", "2", "3" }, new long[] { 1, 2 })]
    [TestCase("", new byte[] { 2, 3 }, new[] { "1", "2", "3" }, new long[] { 1, 2 })]
    [TestCase("", new byte[] { 1, 2 }, new[] { "shirt", "shoe", "bag" }, new long[] { 1, 2 })]
    [TestCase("", new byte[] { 3, 2 }, new[] { "a", "b", "c" }, new long[] { 2, 1 })]
    [TestCase("emnist-letters", new byte[] { 3, 2 }, new[] { "A", "B", "C", "D" }, new long[] { 2, 1 })]
    [TestCase("emnist-letters", new byte[] { 3, 5 }, new[] { "B", "C", "D", "E" }, new long[] { 1, 3 })]
    [TestCase("emnist-letters", new byte[] { 3, 2 }, new[] { "1", "2", "3", "4" }, new long[] { 2, 1 })]
    [TestCase("emnist-balanced", new byte[] { 10, 46 }, null, new long[] { 10, 46 })]
    public void A_test_split_alone_has_the_labels_of_the_model(string set, byte[] labels, string[]? names, long[] expected)
    {
        WriteSplit(set, set.Length > 0 ? "test" : "t10k", labels, Upright);
        names ??= [.. Balanced.Select(character => character.ToString())];
        var data = (_mnist with { ClassNames = names[0] is "shirt" ? names : null }).Load(new DataRequest(Splits.Test) { ClassNames = names });
        Assert.That(Labels(data.Test), Is.EqualTo(expected));
        Assert.That(data.ClassNames, Is.EqualTo(names));
        Assert.That(data.Read.Select(part => part.What), Is.EqualTo((Splits[])[Splits.Test]));
    }

    [Test]
    public void Labels_that_a_model_does_not_know_are_refused()
    {
        WriteSplit("", "t10k", [0, 4], Upright);
        Assert.That(
            () => _mnist.Load(new DataRequest(Splits.Test) { ClassNames = ["0", "1", "2"] }),
            Throws.TypeOf<DataException>().With.Message.EqualTo($"{_folder.Path}: t10k-labels runs from 0 to 4, but the model knows 3 classes, numbered from 0. The files are of another set."));
    }

    /// <summary>Which examples a split has must not depend on what is read beside it.</summary>
    [Test]
    public void Without_a_model_a_test_split_has_the_classes_of_the_training_labels_and_else_its_own()
    {
        WriteSet("", "t10k", [1, 2, 3, 4], [2, 3], Upright);
        File.Delete(_folder.FullName("train-images-idx3-ubyte"));
        var data = _mnist.Load(new DataRequest(Splits.Test));
        Assert.That((data.ClassNames.Length, Labels(data.Test)[0]), Is.EqualTo((4, 1L)));

        File.Delete(_folder.FullName("train-labels-idx1-ubyte"));
        data = _mnist.Load(new DataRequest(Splits.Test));
        Assert.That((data.ClassNames.Length, Labels(data.Test)[0]), Is.EqualTo((2, 0L)));
        data = (_mnist with { ClassNames = ["zero", "one", "two", "three"] }).Load(new DataRequest(Splits.Test));
        Assert.That((data.ClassNames.Length, Labels(data.Test)[0]), Is.EqualTo((4, 2L)));
    }

    private void WriteSet(string set, string test, byte[] train, byte[] labels, byte[] image, int height = 2, int width = 3, string packed = "")
    {
        WriteSplit(set, "train", train, image, height, width, packed);
        WriteSplit(set, test, labels, image, height, width, packed);
    }

    private void WriteSplit(string set, string split, byte[] labels, byte[] image, int height = 2, int width = 3, string packed = "")
    {
        var stem = set.Length == 0 || set.EndsWith('/') ? set + split : $"{set}-{split}";
        WriteImages($"{stem}-images-idx3-ubyte{packed}", labels.Length, image, height, width);
        _folder.WriteIdx($"{stem}-labels-idx1-ubyte{packed}", [labels.Length], labels);
    }

    private void WriteImages(string file, int count, byte[] image, int height = 2, int width = 3) =>
        _folder.WriteIdx(file, [count, height, width], [.. Enumerable.Repeat(image, count).SelectMany(pixels => pixels)]);

    private static void AssertFails(Mnist mnist, string message) =>
        Assert.That(mnist.Load, Throws.TypeOf<DataException>().With.Message.EqualTo(message));

    private static byte[] First(Examples split) => split.Images[0].contiguous().data<byte>().ToArray();

    private static long[] Labels(Examples split) => split.Labels.data<long>().ToArray();
}
