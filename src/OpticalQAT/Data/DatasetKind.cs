using OpticalQAT.Configuration;
using OpticalQAT.Formats;

namespace OpticalQAT.Data;

/// <summary>A source of images: where the examples of an experiment come from.</summary>
[Family("dataset")]
public abstract record DatasetKind : Variant
{
    /// <summary>
    /// The treatment of examples that are not square: <c>pad</c> keeps the longer side and fills the rest with darkness,
    /// or in a sample with what is clear; <c>crop</c> keeps the shorter side and cuts the middle out; <c>stretch</c>
    /// squeezes them into the object's square. Square examples are taken as they are.
    /// </summary>
    public SquareFit Fit { get; init; } = SquareFit.Pad;

    /// <summary>
    /// Reads or makes the splits that are asked for, and touches no other. The same choices and seed give the same examples
    /// in the same order, whichever splits are read beside them. The tensors are the caller's: one made inside a dispose
    /// scope ends with it.
    /// </summary>
    /// <exception cref="DataException">A file is missing or damaged, or there is too little memory for all; the message says where, what and how to mend it.</exception>
    /// <exception cref="OperationCanceledException">The request was cancelled.</exception>
    public Dataset Load(DataRequest request)
    {
        var outline = Outline(request);
        ThrowIfTooLarge(outline, request);
        return Read(request).Fitted(Fit, outline.Remarks);
    }

    /// <summary>Refuses examples that are too large, or too many for the memory that the request allows.</summary>
    /// <exception cref="DataException">They are; the message has both numbers and what would make them fewer.</exception>
    internal void ThrowIfTooLarge(DatasetOutline outline, DataRequest request)
    {
        if (outline.Splits.Select(part => part.Split).FirstOrDefault(split => (double)split.Height * split.Width > PictureLayout.MostPixels) is { } large)
            throw new DataException(
                $"An example of {large.Size} pixels, as task.dataset.fit={ConfigurationKey.NameOf(Fit.ToString())} would make it, is larger than the largest plane, {PictureLayout.MostSide} × {PictureLayout.MostSide} samples. Crop or resample the images{(Fit == SquareFit.Pad ? ", or set task.dataset.fit=crop" : "")}.");
        if (outline.PeakBytes > request.Memory)
            throw new DataException(
                $"{string.Join(" and ", outline.Splits.Select(part => $"{part.Split.Count} {Name(part.What)} examples of {part.Split.Size} pixels"))} take about {Gigabytes(outline.PeakBytes)} of memory while they are read, "
                + $"but there is {Gigabytes(request.Memory)} for them. {Relief}.");
    }

    /// <summary>Reads or makes all three splits.</summary>
    /// <exception cref="DataException">A file is missing or damaged; the message says where, what and how to mend it.</exception>
    public Dataset Load() => Load(DataRequest.All);

    /// <summary>The outline of the splits that are asked for, made square where the examples are not: as many examples of that size <see cref="Load(DataRequest)"/> would give. No example is read.</summary>
    /// <exception cref="DataException">A file is missing, or its header damaged.</exception>
    public DatasetOutline Outline(DataRequest request) => Survey(request).Fitted(Fit);

    /// <summary>
    /// Whether examples are drawn by a description alone, and not read from files that lie there: a model's file may then ask for
    /// work without its user's knowing.
    /// </summary>
    public virtual bool IsDrawn => false;

    /// <summary>The same choices with a digest of the examples in place of the folder that they are read from: what a result depends on.</summary>
    public virtual DatasetKind ByContent() => this;

    /// <summary>A remedy that makes examples fewer or smaller, as a sentence without its end.</summary>
    protected abstract string Relief { get; }

    /// <summary>The outline of the splits as they stand in the files, from names and headers.</summary>
    /// <exception cref="DataException">A file is missing, or its header damaged.</exception>
    protected abstract DatasetOutline Survey(DataRequest request);

    /// <summary>Reads or makes the splits that are asked for, as they stand in the files.</summary>
    /// <exception cref="DataException">A file is missing or damaged.</exception>
    /// <exception cref="OperationCanceledException">The request was cancelled.</exception>
    protected abstract Dataset Read(DataRequest request);

    private static string Name(Splits split) => split switch { Splits.Train => "training", Splits.Validation => "validation", _ => "test" };

    private static string Gigabytes(double bytes) => bytes >= 1e8 ? $"{bytes / 1e9:0.0} GB" : $"{bytes / 1e6:0.0} MB";
}
