using System.Runtime.InteropServices;
using OpticalQAT.Configuration;

namespace OpticalQAT.Data;

/// <summary>
/// Images and labels in the four files of MNIST: handwritten digits (LeCun, Cortes and Burges, 1998), and every set
/// that is published in the same form: Fashion-MNIST, KMNIST, EMNIST, QMNIST. The test split is drawn from the
/// <c>t10k</c> (or <c>test</c>) files and nothing else is; training and validation share the <c>train</c> files.
/// </summary>
/// <remarks>
/// A part of a file is drawn by a fixed permutation, the same for every experiment and seed, and stays in the
/// file's order. So the validation examples do not depend on how many are trained on, a small training set is part
/// of a larger one, and a part is as mixed as the whole (the first half of the MNIST test file is easier than the second).
/// </remarks>
[Kind("mnist")]
public sealed record Mnist : DatasetKind
{
    private const long SplitSeed = 1998;

    /// <summary>
    /// The folder of <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c> and the two of <c>t10k</c>, as they
    /// are or as .gz, or of files whose names begin with a set's: <c>emnist-letters-train-images-idx3-ubyte.gz</c>,
    /// <c>qmnist-train-labels-idx2-int.gz</c>. Where it has none, <c>raw</c>, <c>gzip</c> and <c>MNIST/raw</c>, as torchvision
    /// leaves them, are looked through. A relative path starts at the working directory.
    /// </summary>
    [LocalPath]
    public string Folder { get; init; } = "data/mnist";

    /// <summary>
    /// The set, where the folder holds several: <c>letters</c> or <c>emnist-letters</c>, <c>qmnist</c>, torchvision's
    /// <c>FashionMNIST</c>. Null takes the only one, or beside others in one folder the one that is named like MNIST.
    /// </summary>
    public string? Subset { get; init; }

    /// <summary>Whether the images are stored columns first; null says so of EMNIST, by the names of its files, and of no other.</summary>
    public bool? Transposed { get; init; }

    /// <summary>Training examples; null takes all that validation leaves.</summary>
    [AtLeast(1), AtMost(100_000_000)]
    public int? TrainCount { get; init; }

    /// <summary>Validation examples, taken from the training files before anything else is.</summary>
    [AtLeast(1), AtMost(100_000_000)]
    public int ValidationCount { get; init; } = 5000;

    /// <summary>Test examples, for a quick look; null takes all, as every published number does.</summary>
    [AtLeast(1), AtMost(100_000_000)]
    public int? TestCount { get; init; }

    /// <summary>The names of the classes in the order of their labels; null takes the published ones for EMNIST, otherwise the labels.</summary>
    public string[]? ClassNames { get; init; }

    /// <inheritdoc/>
    protected override string Relief => "Take a part of the files only, written as files of their own; task.dataset.train_count, validation_count and test_count make the part smaller that is kept of them";

    /// <inheritdoc/>
    protected override DatasetOutline Survey(DataRequest request)
    {
        var set = MnistFinder.Find(Folder, Subset);
        var learns = request.Splits.HasFlag(Splits.Train) || request.Splits.HasFlag(Splits.Validation);
        var train = learns ? Outlined(set, MnistSet.Train) : null;
        var test = request.Splits.HasFlag(Splits.Test) ? Outlined(set, MnistSet.Test) : null;
        if (train is not null)
            CheckTrainingCounts(set, (int)train.Count);
        return new DatasetOutline
        {
            Train = request.Look(Splits.Train, () => train! with { Count = TrainCount ?? train.Count - ValidationCount }),
            Validation = request.Look(Splits.Validation, () => train! with { Count = ValidationCount }),
            Test = request.Look(Splits.Test, () => test! with { Count = TestCount ?? test.Count }),
            ClassNames = ClassNames,
            WorkingBytes = (train?.Bytes ?? 0) + (test?.Bytes ?? 0), // the files are read as a whole
        };
    }

    private SplitOutline Outlined(MnistSet set, string split)
    {
        var (count, height, width) = IdxPair.Shape(set, split);
        return IsTransposed(set) ? new SplitOutline(count, width, height) : new SplitOutline(count, height, width);
    }

    private bool IsTransposed(MnistSet set) => Transposed ?? set.IsTransposed;

    /// <inheritdoc/>
    protected override Dataset Read(DataRequest request)
    {
        var set = MnistFinder.Find(Folder, Subset);
        var learns = request.Splits.HasFlag(Splits.Train) || request.Splits.HasFlag(Splits.Validation);
        var train = learns ? IdxPair.Read(set, MnistSet.Train) : null;
        var test = request.Splits.HasFlag(Splits.Test) ? IdxPair.Read(set, MnistSet.Test) : null;
        if (train is not null && test is not null && (train.Height, train.Width) != (test.Height, test.Width))
            throw Unusable(set, $"training images are {train.Height} × {train.Width} pixels but test images {test.Height} × {test.Width}. They must be alike");

        var classes = Classes(set, train, test, request.ClassNames);
        if (train is not null)
            CheckTrainingCounts(set, train.Count);
        if (TestCount > test?.Count)
            throw Unusable(set, $"test_count {TestCount} is more than the {test.Count} examples of the test files. Ask for fewer");
        var order = DataOrder.Permutation(train?.Count ?? 0, SplitSeed, "mnist/train", 0);
        var testOrder = DataOrder.Permutation(test?.Count ?? 0, SplitSeed, "mnist/t10k", 0);
        var transposed = IsTransposed(set);
        return new Dataset(
            request.Make(Splits.Train, () => Take(train!, order.AsSpan(ValidationCount, TrainCount ?? (train!.Count - ValidationCount)), classes.Lowest, transposed)),
            request.Make(Splits.Validation, () => Take(train!, order.AsSpan(0, ValidationCount), classes.Lowest, transposed)),
            request.Make(Splits.Test, () => Take(test!, testOrder.AsSpan(0, TestCount ?? test!.Count), classes.Lowest, transposed)),
            classes.Names);
    }

    /// <summary>
    /// The model's classes where a model asks. Otherwise those of the training labels, also where only test examples are
    /// wanted, so that a split does not depend on what is read beside it; where there are none, those of the test labels.
    /// </summary>
    private MnistClasses Classes(MnistSet set, IdxPair? train, IdxPair? test, IReadOnlyList<string>? known)
    {
        if (known is { Count: > 0 })
        {
            var asked = MnistClasses.Named(set, [.. known], areChosen: ClassNames is not null, (test ?? train)?.Labels ?? []);
            CheckLabels(set, MnistSet.Train, train, asked, "the model knows");
            CheckLabels(set, MnistSet.Test, test, asked, "the model knows");
            return asked;
        }
        var learnt = train?.Labels ?? (set.HasLabels(MnistSet.Train) ? IdxPair.ReadLabels(set, MnistSet.Train) : null);
        if (learnt is { Length: > 0 })
        {
            var classes = MnistClasses.Shown(set, MnistSet.Train, learnt, ClassNames);
            CheckLabels(set, MnistSet.Test, test, classes, $"{set.Stem(MnistSet.Train)}-labels has");
            return classes;
        }
        if (test is null)
            return new MnistClasses(0, ClassNames ?? []);
        if (ClassNames is null)
            return MnistClasses.Shown(set, MnistSet.Test, test.Labels, chosen: null);
        var named = MnistClasses.Named(set, ClassNames, areChosen: true, test.Labels);
        CheckLabels(set, MnistSet.Test, test, named, "class_names has");
        return named;
    }

    private static void CheckLabels(MnistSet set, string split, IdxPair? pair, MnistClasses classes, string source)
    {
        if (pair is not null && !classes.Hold(pair.Labels))
            throw Unusable(set, $"{set.Stem(split)}-labels runs from {pair.Labels.Min()} to {pair.Labels.Max()}, but {source} {classes.Names.Length} classes, numbered from {classes.Lowest}. The files are of another set");
    }

    private void CheckTrainingCounts(MnistSet set, int inTraining)
    {
        var left = inTraining - ValidationCount;
        if (left < 1)
            throw Unusable(set, $"validation_count {ValidationCount} leaves none of the {inTraining} examples of the training files to train on. Ask for fewer");
        if (TrainCount > left)
            throw Unusable(set, $"train_count {TrainCount} and validation_count {ValidationCount} are more than the {inTraining} examples of the training files. Ask for fewer");
    }

    /// <inheritdoc/>
    public override DatasetKind ByContent() => this with { Folder = FolderContent.Digest(nameof(Mnist), Folder, Content) };

    /// <summary>The examples as they stand in the files, packed or not; the test split alone where there is no other.</summary>
    private IEnumerable<ReadOnlyMemory<byte>> Content()
    {
        var set = MnistFinder.Find(Folder, Subset);
        foreach (var split in (string[])[MnistSet.Train, MnistSet.Test])
        {
            if (split is MnistSet.Train && !set.HasLabels(split) && set.HasLabels(MnistSet.Test))
                continue;
            var pair = IdxPair.Read(set, split);
            yield return BitConverter.GetBytes(pair.Height);
            yield return BitConverter.GetBytes(pair.Width);
            yield return pair.Images;
            yield return MemoryMarshal.AsBytes(pair.Labels.AsSpan()).ToArray();
        }
    }

    private static DataException Unusable(MnistSet set, string what) => new($"{set.Folder}: {what}.");

    private static Examples Take(IdxPair pair, ReadOnlySpan<long> chosen, int lowest, bool transposed)
    {
        var indices = chosen.ToArray();
        Array.Sort(indices);

        var pixels = pair.Height * pair.Width;
        var images = new byte[indices.Length * pixels];
        var labels = new long[indices.Length];
        for (var i = 0; i < indices.Length; i++)
        {
            var image = pair.Images.AsSpan((int)indices[i] * pixels, pixels);
            if (transposed)
                Transpose(image, images.AsSpan(i * pixels), pair.Width);
            else
                image.CopyTo(images.AsSpan(i * pixels));
            labels[i] = pair.Labels[indices[i]] - lowest;
        }

        return transposed
            ? Examples.FromArrays(images, pair.Width, pair.Height, labels)
            : Examples.FromArrays(images, pair.Height, pair.Width, labels);
    }

    /// <summary>Turns an image's columns into rows.</summary>
    private static void Transpose(ReadOnlySpan<byte> image, Span<byte> upright, int columns)
    {
        var rows = image.Length / columns;
        for (var i = 0; i < image.Length; i++)
            upright[(i % columns * rows) + (i / columns)] = image[i];
    }
}
