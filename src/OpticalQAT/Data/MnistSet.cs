namespace OpticalQAT.Data;

/// <summary>The files of one set of the MNIST family in a folder, which may hold several.</summary>
/// <param name="Folder">The full path of the folder that the files lie in.</param>
/// <param name="Prefix">The beginning of their names before <c>-train</c>: <c>emnist-letters</c>; empty for MNIST itself and what is named like it.</param>
/// <param name="Files">The files.</param>
internal sealed record MnistSet(string Folder, string Prefix, IReadOnlyList<IdxName> Files)
{
    /// <summary>The split that is learnt from.</summary>
    public const string Train = "train";

    /// <summary>The split that is reported, as MNIST names it; its successors say <c>test</c>.</summary>
    public const string Test = "t10k";

    private const string Emnist = "emnist-";

    /// <summary>Whether it is published with its images transposed, columns first, as EMNIST is.</summary>
    public bool IsTransposed => Prefix.StartsWith(Emnist, StringComparison.OrdinalIgnoreCase);

    /// <summary>The name of EMNIST's part, such as <c>letters</c>; empty for other sets.</summary>
    public string Part => IsTransposed ? Prefix[Emnist.Length..].ToLowerInvariant() : string.Empty;

    /// <summary>Whether there are labels of a split.</summary>
    public bool HasLabels(string split) => Of(split, "labels").Any();

    /// <summary>The beginning of the names of a split's files: <c>t10k</c>, <c>qmnist-test</c>.</summary>
    public string Stem(string split) => Named(Of(split, "images").Concat(Of(split, "labels")).FirstOrDefault()?.Split ?? (Prefix.Length > 0 && split is Test ? "test" : split));

    /// <summary>The file with the images or the labels of a split.</summary>
    /// <param name="split"><see cref="Train"/> or <see cref="Test"/>.</param>
    /// <param name="what"><c>images</c> or <c>labels</c>.</param>
    /// <exception cref="DataException">It is not there, or there are two that may differ.</exception>
    public string File(string split, string what)
    {
        var files = Of(split, what).ToArray();
        if (files.Length == 0)
            throw new DataException(Missing(split, what)) { IsMissing = true };
        if (files.FirstOrDefault(file => !string.Equals(file.Split, files[0].Split, StringComparison.Ordinal)) is { } other)
            throw new DataException($"{Folder} holds both {files[0].Name} and {other.Name}. Which is the test split? Move the other to another folder.");
        return Path.Combine(Folder, files[0].Name);
    }

    /// <summary>Whether a user means it by this name: <c>emnist-letters</c>, <c>letters</c>, or torchvision's folder, <c>FashionMNIST</c>.</summary>
    public bool IsCalled(string name) => string.Equals(name, Name, StringComparison.OrdinalIgnoreCase) || (Part.Length > 0 && string.Equals(name, Part, StringComparison.OrdinalIgnoreCase));

    /// <summary>Its name for messages and choices.</summary>
    public string Name => Prefix.Length > 0 ? Prefix
        : Path.GetFileName(Folder) is "raw" or "gzip" && Path.GetFileName(Path.GetDirectoryName(Folder)) is { Length: > 0 } above ? above
        : "mnist";

    private IEnumerable<IdxName> Of(string split, string what) =>
        Files.Where(file => string.Equals(file.What, what, StringComparison.Ordinal) && (file.Split is Train) == (split is Train)).Order();

    private string Named(string split) => Prefix.Length > 0 ? $"{Prefix}-{split}" : split;

    private string Missing(string split, string what)
    {
        var rank = what is "images" ? 3 : 1;
        string[] names = Prefix is "qmnist" && what is "labels" ? [$"{Stem(split)}-labels-idx2-int", $"{Stem(split)}-labels-idx2-int.gz"]
            : [.. from ending in (string[])[$"-idx{rank}-ubyte", $".idx{rank}-ubyte"] from packed in (string[])["", ".gz"] select $"{Stem(split)}-{what}{ending}{packed}"];
        var found = Directory.Exists(Folder) ? $"{Folder} has none of {string.Join(", ", names)}" : $"There is no folder {Folder}";
        return Prefix.Length > 0
            ? $"{found}. Fetch the file from where the others of {Prefix} came; files that are elsewhere are named by task.dataset.folder=FOLDER."
            : $"{found}. `scripts/get-mnist.sh {Folder}` downloads MNIST there; files that are elsewhere are named by task.dataset.folder=FOLDER.";
    }
}
