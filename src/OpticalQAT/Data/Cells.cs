using OpticalQAT.Configuration;

namespace OpticalQAT.Data;

/// <summary>
/// Synthetic cells, thin clear bodies as a phase microscope sees them: smooth outlines, a thicker nucleus with
/// nucleoli, a fine texture, empty medium around. The brightness is the optical thickness, 255 the largest phase that the
/// task images. Nothing to download; the same seed gives the same cells.
/// </summary>
[Kind("cells")]
public sealed record Cells : DatasetKind
{
    /// <summary>Another seed, other cells of the same sort.</summary>
    [AtLeast(0), AtMost(1e15)]
    public long Seed { get; init; } = 1;

    /// <summary>Pixels a side of an image.</summary>
    [AtLeast(16), AtMost(512)]
    public int Pixels { get; init; } = 32;

    /// <summary>Training examples. A smaller set is the beginning of a larger one.</summary>
    [AtLeast(1), AtMost(1_000_000)]
    public int TrainCount { get; init; } = 10_000;

    /// <summary>Validation examples.</summary>
    [AtLeast(1), AtMost(1_000_000)]
    public int ValidationCount { get; init; } = 1000;

    /// <summary>Test examples.</summary>
    [AtLeast(1), AtMost(1_000_000)]
    public int TestCount { get; init; } = 2000;

    /// <inheritdoc/>
    protected override string Relief => "Ask for fewer or smaller ones with task.dataset.train_count, validation_count, test_count or pixels";

    /// <inheritdoc/>
    protected override DatasetOutline Survey(DataRequest request) => new()
    {
        Train = request.Look(Splits.Train, () => Outlined(TrainCount)),
        Validation = request.Look(Splits.Validation, () => Outlined(ValidationCount)),
        Test = request.Look(Splits.Test, () => Outlined(TestCount)),
        ClassNames = [],
    };

    /// <inheritdoc/>
    protected override Dataset Read(DataRequest request) => new(
        request.Make(Splits.Train, () => Draw("train", TrainCount, request.Cancellation)),
        request.Make(Splits.Validation, () => Draw("validation", ValidationCount, request.Cancellation)),
        request.Make(Splits.Test, () => Draw("test", TestCount, request.Cancellation)),
        []);

    private SplitOutline Outlined(int count) => new(count, Pixels, Pixels);

    /// <inheritdoc/>
    public override bool IsDrawn => true;

    private Examples Draw(string split, int count, CancellationToken cancellation)
    {
        if ((long)count * Pixels * Pixels > Array.MaxLength)
            throw new DataException($"{count} {split} examples of {Pixels} × {Pixels} pixels are more than {Array.MaxLength} bytes; ask for fewer or smaller ones with task.dataset.{split}_count or task.dataset.pixels");
        var images = new byte[count * Pixels * Pixels];
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            // A generator for each example: none depends on how many others there are.
            var random = new SplitMix64(Seeds.Derive(Seed, "cells/" + split, i));
            new CellPainter(Pixels).Paint(ref random, images.AsSpan(i * Pixels * Pixels, Pixels * Pixels));
        });
        return Examples.FromArrays(images, Pixels, Pixels, new long[count]);
    }
}
