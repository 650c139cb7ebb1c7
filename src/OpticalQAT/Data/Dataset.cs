namespace OpticalQAT.Data;

/// <summary>The splits of a dataset that were asked for, and the names of its classes; none where its examples have no classes.</summary>
/// <param name="train">The examples to learn from; null where they were not asked for.</param>
/// <param name="validation">The examples by which the best model is chosen; null where they were not asked for.</param>
/// <param name="test">The examples that are reported; null where they were not asked for.</param>
/// <param name="classNames">The names of the classes in the order of their labels.</param>
public sealed class Dataset(Examples? train, Examples? validation, Examples? test, string[] classNames) : IDisposable
{
    /// <summary>The examples to learn from.</summary>
    /// <exception cref="InvalidOperationException">It was not asked for.</exception>
    public Examples Train => train ?? throw NotRead(Splits.Train);

    /// <summary>The examples by which the best model is chosen.</summary>
    /// <exception cref="InvalidOperationException">It was not asked for.</exception>
    public Examples Validation => validation ?? throw NotRead(Splits.Validation);

    /// <summary>The examples that are reported.</summary>
    /// <exception cref="InvalidOperationException">It was not asked for.</exception>
    public Examples Test => test ?? throw NotRead(Splits.Test);

    /// <summary>The names of the classes in the order of their labels; none where the examples have no classes.</summary>
    public string[] ClassNames => classNames;

    /// <summary>The changes to the examples that their files do not say, in whole sentences.</summary>
    public IReadOnlyList<string> Remarks { get; private init; } = [];

    /// <summary>The splits that were read, with what they are.</summary>
    public IEnumerable<(Splits What, Examples Examples)> Read =>
        from part in new[] { (Splits.Train, train), (Splits.Validation, validation), (Splits.Test, test) }
        where part.Item2 is not null
        select (part.Item1, part.Item2);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, split) in Read)
            split.Dispose();
    }

    /// <summary>The same examples, made square.</summary>
    internal Dataset Fitted(SquareFit fit, IReadOnlyList<string> remarks) =>
        new(train?.Fitted(fit), validation?.Fitted(fit), test?.Fitted(fit), classNames) { Remarks = remarks };

    private static InvalidOperationException NotRead(Splits split) => new($"The {split} split was not asked for when the dataset was read.");
}

/// <summary>Input data cannot be read. The message says where, what and how to mend it.</summary>
public sealed class DataException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the data are not there at all, as where a configuration is written on another machine than it will run on.</summary>
    public bool IsMissing { get; init; }
}
