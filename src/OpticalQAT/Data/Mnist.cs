using OpticalQAT.Configuration;

namespace OpticalQAT.Data;

/// <summary>
/// Images and labels in the four files of MNIST: handwritten digits (LeCun, Cortes and Burges, 1998), and every set
/// that is published in the same form, such as Fashion-MNIST and KMNIST. The test split is drawn from the
/// <c>t10k</c> files and nothing else is; training and validation share the <c>train</c> files.
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
    /// are or as .gz. A relative path starts at the working directory.
    /// </summary>
    [LocalPath]
    public string Folder { get; init; } = "data/mnist";

    /// <summary>Training examples; null takes all that validation leaves.</summary>
    [AtLeast(1), AtMost(100_000_000)]
    public int? TrainCount { get; init; }

    /// <summary>Validation examples, taken from the training files before anything else is.</summary>
    [AtLeast(1), AtMost(100_000_000)]
    public int ValidationCount { get; init; } = 5000;

    /// <summary>Test examples, for a quick look; null takes all, as every published number does.</summary>
    [AtLeast(1), AtMost(100_000_000)]
    public int? TestCount { get; init; }

    /// <summary>The names of the classes in the order of their labels; null names them by their labels.</summary>
    public string[]? ClassNames { get; init; }

    /// <inheritdoc/>
    protected override string Relief => "Take a part of the files only, written as files of their own; task.dataset.train_count, validation_count and test_count make the part smaller that is kept of them";

    /// <inheritdoc/>
    protected override DatasetOutline Survey(DataRequest request)
    {
        var learns = request.Splits.HasFlag(Splits.Train) || request.Splits.HasFlag(Splits.Validation);
        var train = learns ? Outlined("train") : null;
        var test = request.Splits.HasFlag(Splits.Test) ? Outlined("t10k") : null;
        if (train is not null)
            CheckTrainingCounts((int)train.Count);
        return new DatasetOutline
        {
            Train = request.Look(Splits.Train, () => train! with { Count = TrainCount ?? train.Count - ValidationCount }),
            Validation = request.Look(Splits.Validation, () => train! with { Count = ValidationCount }),
            Test = request.Look(Splits.Test, () => test! with { Count = TestCount ?? test.Count }),
            ClassNames = ClassNames,
            WorkingBytes = (train?.Bytes ?? 0) + (test?.Bytes ?? 0), // the files are read as a whole
        };
    }

    private SplitOutline Outlined(string name)
    {
        var (count, height, width) = IdxPair.Shape(Folder, name);
        return new SplitOutline(count, height, width);
    }

    /// <inheritdoc/>
    protected override Dataset Read(DataRequest request)
    {
        var learns = request.Splits.HasFlag(Splits.Train) || request.Splits.HasFlag(Splits.Validation);
        var train = learns ? IdxPair.Read(Folder, "train") : null;
        var test = request.Splits.HasFlag(Splits.Test) ? IdxPair.Read(Folder, "t10k") : null;
        if (train is not null && test is not null && (train.Height, train.Width) != (test.Height, test.Width))
            throw Unusable($"training images are {train.Height} × {train.Width} pixels but test images {test.Height} × {test.Width}. They must be alike");

        var (lowest, names) = train is null && test is not null && request.ClassNames is { Count: > 0 } known ? Known([.. known], test.Labels) : Classes((train ?? test)?.Labels ?? []);
        if (test?.Labels.Any(label => label < lowest || label >= lowest + names.Length) is true)
            throw Unusable($"t10k-labels has labels that train-labels does not, which run from {lowest} to {lowest + names.Length - 1}. The files come from different sets");

        if (train is not null)
            CheckTrainingCounts(train.Count);
        if (TestCount > test?.Count)
            throw Unusable($"test_count {TestCount} is more than the {test.Count} examples of the test files. Ask for fewer");
        var order = DataOrder.Permutation(train?.Count ?? 0, SplitSeed, "mnist/train", 0);
        var testOrder = DataOrder.Permutation(test?.Count ?? 0, SplitSeed, "mnist/t10k", 0);
        return new Dataset(
            request.Make(Splits.Train, () => Take(train!, order.AsSpan(ValidationCount, TrainCount ?? (train!.Count - ValidationCount)), lowest)),
            request.Make(Splits.Validation, () => Take(train!, order.AsSpan(0, ValidationCount), lowest)),
            request.Make(Splits.Test, () => Take(test!, testOrder.AsSpan(0, TestCount ?? test!.Count), lowest)),
            names);
    }

    private void CheckTrainingCounts(int inTraining)
    {
        var left = inTraining - ValidationCount;
        if (left < 1)
            throw Unusable($"validation_count {ValidationCount} leaves none of the {inTraining} examples of the training files to train on. Ask for fewer");
        if (TrainCount > left)
            throw Unusable($"train_count {TrainCount} and validation_count {ValidationCount} are more than the {inTraining} examples of the training files. Ask for fewer");
    }

    /// <summary>
    /// The lowest label, and a name for each from there to the highest. EMNIST's letters are numbered from 1; a gap
    /// would be a class that nothing can be learnt about, and in a published set it means a damaged file.
    /// </summary>
    private (int Lowest, string[] Names) Classes(byte[] labels)
    {
        var (lowest, highest) = (labels.Min(), labels.Max());
        var gaps = Enumerable.Range(lowest, highest - lowest + 1).Except(labels.Select(label => (int)label)).ToArray();
        if (gaps.Length > 0)
            throw Unusable($"train-labels runs from {lowest} to {highest} but has no label {gaps[0]}. Labels must be numbered one after another: the file is damaged or incomplete");

        var count = highest - lowest + 1;
        if (ClassNames is not null && ClassNames.Length != count)
            throw Unusable($"class_names has {ClassNames.Length} names, but the labels from {lowest} to {highest} need {count}");
        return (lowest, ClassNames ?? [.. Enumerable.Range(lowest, count).Select(label => label.ToString())]);
    }

    /// <summary>The lowest label where a model knows the names of the classes, of which the test files may lack some.</summary>
    private (int Lowest, string[] Names) Known(string[] names, byte[] labels)
    {
        var (lowest, highest) = (labels.Min(), labels.Max());
        // Sets are numbered from 0, but for EMNIST's letters, from 1; a name that is a number says it itself.
        int first = byte.TryParse(names[0], out var number) ? number
            : lowest == 0 ? 0
            : highest == names.Length ? 1
            : Classes(IdxPair.Read(Folder, "train").Labels).Lowest;
        return lowest >= first && highest < first + names.Length
            ? (first, names)
            : throw Unusable($"t10k-labels runs from {lowest} to {highest}, but the model knows {names.Length} classes, numbered from {first}. The files are of another set");
    }

    /// <inheritdoc/>
    internal override DatasetKind ByContent() => this with { Folder = FolderContent.Digest(nameof(Mnist), Folder, Content) };

    /// <summary>The examples as they stand in the files, packed or not.</summary>
    private IEnumerable<ReadOnlyMemory<byte>> Content()
    {
        foreach (var name in (string[])["train", "t10k"])
        {
            var pair = IdxPair.Read(Folder, name);
            yield return BitConverter.GetBytes(pair.Height);
            yield return BitConverter.GetBytes(pair.Width);
            yield return pair.Images;
            yield return pair.Labels;
        }
    }

    private DataException Unusable(string what) => new($"{Path.GetFullPath(Folder)}: {what}.");

    private static Split Take(IdxPair pair, ReadOnlySpan<long> chosen, int lowest)
    {
        var indices = chosen.ToArray();
        Array.Sort(indices);

        var pixels = pair.Height * pair.Width;
        var images = new byte[indices.Length * pixels];
        var labels = new long[indices.Length];
        for (var i = 0; i < indices.Length; i++)
        {
            pair.Images.AsSpan((int)indices[i] * pixels, pixels).CopyTo(images.AsSpan(i * pixels));
            labels[i] = pair.Labels[indices[i]] - lowest;
        }

        return Split.FromArrays(images, pair.Height, pair.Width, labels);
    }
}
