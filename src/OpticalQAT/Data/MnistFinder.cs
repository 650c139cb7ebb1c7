namespace OpticalQAT.Data;

/// <summary>
/// Finds a set of the MNIST family: in the folder itself, or as torchvision and EMNIST's archive leave it, in
/// <c>raw</c> or <c>gzip</c> below it, or in <c>MNIST/raw</c>, <c>EMNIST/raw</c>, … below that.
/// </summary>
internal static class MnistFinder
{
    /// <summary>The set that the folder holds, or the one of that name among several.</summary>
    /// <param name="folder">As the user named it.</param>
    /// <param name="subset">The name; null where the user gave none.</param>
    /// <returns>The files of the set; where the folder holds none, a set without files: what is missing is told when it is asked for.</returns>
    /// <exception cref="DataException">There are several, or none is called so; the message names them.</exception>
    public static MnistSet Find(string folder, string? subset)
    {
        var root = Path.GetFullPath(folder);
        var sets = Nearest(root);
        if (sets.Length == 0 && (subset is null || !Directory.Exists(root)))
            return new MnistSet(root, string.Empty, []);

        var called = sets.Where(set => subset is null || set.IsCalled(subset)).ToArray();
        // What is named like MNIST needs no name of its own beside others in one folder, and comes first there.
        if (subset is null && called[0].Prefix.Length == 0 && called.All(set => string.Equals(set.Folder, called[0].Folder, StringComparison.Ordinal)))
            return called[0];
        return called.Length == 1 ? called[0] : throw new DataException(Undecided(root, subset, sets, called));
    }

    private static MnistSet[] Nearest(string root)
    {
        try
        {
            if (!Directory.Exists(root))
                return [];
            string[][] places =
            [
                [root],
                [Path.Combine(root, "raw"), Path.Combine(root, "gzip")],
                [.. Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal).Select(below => Path.Combine(below, "raw"))],
            ];
            return places.Select(place => place.Where(Directory.Exists).SelectMany(In).ToArray()).FirstOrDefault(sets => sets.Length > 0) ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{root} cannot be searched: {e.Message}", e);
        }
    }

    private static IEnumerable<MnistSet> In(string folder) => Directory.EnumerateFiles(folder)
        .Select(path => IdxName.Parse(Path.GetFileName(path))).OfType<IdxName>()
        .GroupBy(name => name.Prefix, StringComparer.Ordinal)
        .OrderBy(files => files.Key, StringComparer.Ordinal)
        .Select(files => new MnistSet(folder, files.Key, [.. files]));

    private static string Undecided(string root, string? subset, MnistSet[] sets, MnistSet[] called)
    {
        if (sets.Length == 0)
            return $"{root} holds no set '{subset}', nor another: a set's files are named like {subset}-train-images-idx3-ubyte or {subset}-train-images-idx3-ubyte.gz. task.dataset.folder=FOLDER names another folder, and task.dataset.subset=null asks for files without a name before 'train'.";
        if (called.Length == 0)
            return $"{root} holds no set '{subset}'. It holds {Listed(root, sets)}; name one by task.dataset.subset=NAME.";
        return called.Select(set => set.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() == called.Length
            ? $"{root} holds several sets: {Listed(root, called)}. Name one by task.dataset.subset=NAME, for instance task.dataset.subset={called[0].Name}."
            : $"{root} holds several sets of one name: {Listed(root, called)}. Name the folder of one by task.dataset.folder=FOLDER.";
    }

    private static string Listed(string root, IEnumerable<MnistSet> sets) =>
        string.Join(", ", sets.Select(set => string.Equals(set.Folder, root, StringComparison.Ordinal) ? set.Name : $"{set.Name} (in {Path.GetRelativePath(root, set.Folder)})"));
}
