namespace OpticalQAT.Data;

/// <summary>The classes of a set: the label of the first, and the names of all, one for each label from there on.</summary>
internal sealed record MnistClasses(int Lowest, string[] Names)
{
    /// <summary>The label of the last.</summary>
    public int Highest => Lowest + Names.Length - 1;

    /// <summary>Whether every label is one of them.</summary>
    public bool Hold(int[] labels) => labels.Length == 0 || (labels.Min() >= Lowest && labels.Max() <= Highest);

    /// <summary>
    /// The classes that labels show: from the lowest to the highest. A gap would be a class that nothing can be
    /// learnt about, and in a published set it means a damaged file.
    /// </summary>
    /// <param name="set">Says what the labels stand for.</param>
    /// <param name="split">The split that they come from, for messages.</param>
    /// <param name="labels">At least one.</param>
    /// <param name="chosen">The user's names; null takes the published ones, or else the labels.</param>
    /// <exception cref="DataException">There is a gap, or the names do not fit.</exception>
    public static MnistClasses Shown(MnistSet set, string split, int[] labels, string[]? chosen)
    {
        int[] present = [.. labels.Distinct().Order()];
        var (lowest, highest) = (present[0], present[^1]);
        var gap = Enumerable.Range(0, present.Length).FirstOrDefault(i => present[i] != lowest + i, -1);
        if (gap >= 0)
            throw Unusable(set, $"{set.Stem(split)}-labels runs from {lowest} to {highest} but has no label {lowest + gap}. Labels must be numbered one after another: the file is damaged or incomplete");
        if (chosen is not null)
            return chosen.Length == present.Length ? new(lowest, chosen)
                : throw Unusable(set, $"class_names has {chosen.Length} names, but the labels from {lowest} to {highest} need {present.Length}");

        var published = MnistLabels.Of(set);
        var unknown = published is null ? -1 : Array.FindIndex(present, label => !published.ContainsKey(label));
        return unknown < 0 ? new(lowest, [.. present.Select(label => published?[label] ?? label.ToString())])
            : throw Unusable(set, $"{set.Stem(split)}-labels has the label {present[unknown]}, which stands for nothing in {set.Name}. The files come from different sets; or name the classes by task.dataset.class_names=[…]");
    }

    /// <summary>
    /// The classes whose names are known, from a trained model or the user, also where no example has the first or the
    /// last: the label of the first follows from its name, or else from the training labels, from the set, or from the highest label.
    /// </summary>
    /// <param name="set">Says what the labels stand for.</param>
    /// <param name="names">One for each class.</param>
    /// <param name="areChosen">Whether the user made them up, so that they say nothing of the labels.</param>
    /// <param name="labels">Those of the examples.</param>
    public static MnistClasses Named(MnistSet set, string[] names, bool areChosen, int[] labels)
    {
        var published = MnistLabels.Of(set);
        if (!areChosen && published?.FirstOrDefault(entry => string.Equals(entry.Value, names[0], StringComparison.Ordinal)) is { Value: not null } named)
            return new(named.Key, names);
        if (!areChosen && int.TryParse(names[0], out var number))
            return new(number, names);
        var learnt = set.HasLabels(MnistSet.Train) ? IdxPair.ReadLabels(set, MnistSet.Train) : [];
        // Sets are numbered from 0, and a few, as EMNIST's letters, from 1.
        var numberedFromOne = labels.Length > 0 && labels.Min() > 0 && labels.Max() == names.Length;
        return new(learnt.Length > 0 ? learnt.Min() : published is { Count: > 0 } ? published.Keys.Min() : numberedFromOne ? 1 : 0, names);
    }

    private static DataException Unusable(MnistSet set, string what) => new($"{set.Folder}: {what}.");
}
