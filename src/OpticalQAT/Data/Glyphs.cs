using OpticalQAT.Configuration;

namespace OpticalQAT.Data;

/// <summary>
/// Synthetic handwriting: ten invented symbols, 28 × 28 pixels, drawn here with random warp, slant, size, position,
/// pen width, brightness, scratches and noise. Nothing to download; the same seed gives the same bytes on every machine.
/// </summary>
[Kind("glyphs")]
public sealed record Glyphs : DatasetKind
{
    /// <summary>Another seed, another set of examples of the same ten symbols.</summary>
    [AtLeast(0), AtMost(1e15)]
    public long Seed { get; init; } = 1;

    /// <summary>Training examples. A smaller set is the beginning of a larger one.</summary>
    [AtLeast(10), AtMost(1_000_000)]
    public int TrainCount { get; init; } = 6000;

    /// <summary>Validation examples.</summary>
    [AtLeast(10), AtMost(1_000_000)]
    public int ValidationCount { get; init; } = 1000;

    /// <summary>Test examples.</summary>
    [AtLeast(10), AtMost(1_000_000)]
    public int TestCount { get; init; } = 2000;

    /// <summary>
    /// The departure of the hand from the ideal shape: 0 draws every example of a symbol alike, 1 is ordinary
    /// handwriting, 2 is hard to read.
    /// </summary>
    [AtLeast(0), AtMost(2)]
    public double Distortion { get; init; } = 1;

    /// <inheritdoc/>
    protected override string Relief => "Ask for fewer with task.dataset.train_count, validation_count or test_count";

    /// <inheritdoc/>
    protected override DatasetOutline Survey(DataRequest request) => new()
    {
        Train = request.Look(Splits.Train, () => Outlined(TrainCount)),
        Validation = request.Look(Splits.Validation, () => Outlined(ValidationCount)),
        Test = request.Look(Splits.Test, () => Outlined(TestCount)),
        ClassNames = [.. GlyphShape.All.Select(shape => shape.Name)],
    };

    /// <inheritdoc/>
    protected override Dataset Read(DataRequest request) => new(
        request.Make(Splits.Train, () => Draw("train", TrainCount, request.Cancellation)),
        request.Make(Splits.Validation, () => Draw("validation", ValidationCount, request.Cancellation)),
        request.Make(Splits.Test, () => Draw("test", TestCount, request.Cancellation)),
        [.. GlyphShape.All.Select(shape => shape.Name)]);

    private static SplitOutline Outlined(int count) => new(count, GlyphCanvas.Size, GlyphCanvas.Size);

    /// <inheritdoc/>
    public override bool IsDrawn => true;

    private Examples Draw(string split, int count, CancellationToken cancellation)
    {
        const int Pixels = GlyphCanvas.Size * GlyphCanvas.Size;
        var images = new byte[count * Pixels];
        var labels = new long[count];
        var writer = new GlyphWriter(Distortion);
        for (var i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            // A generator for each example: none depends on how many others there are. The classes take turns, so
            // they are equally frequent.
            labels[i] = i % GlyphShape.All.Length;
            var random = new SplitMix64(Seeds.Derive(Seed, "glyphs/" + split, i));
            writer.Write(GlyphShape.All[labels[i]], random, images.AsSpan(i * Pixels, Pixels));
        }

        return Examples.FromArrays(images, GlyphCanvas.Size, GlyphCanvas.Size, labels);
    }
}
