using OpticalQAT.Configuration;
using OpticalQAT.Data;

namespace OpticalQAT.PublicApi.Tests.Kinds;

/// <summary>Images of one bright bar, which lies or stands: two classes.</summary>
[Kind("bars")]
public sealed record Bars : DatasetKind
{
    private const int Side = 12;

    /// <summary>The seed that the places of the bars follow from.</summary>
    [AtLeast(0), AtMost(int.MaxValue)]
    public int Seed { get; init; } = 1;

    /// <summary>Examples in each split.</summary>
    [AtLeast(2), AtMost(100_000)]
    public int Count { get; init; } = 24;

    /// <inheritdoc/>
    public override bool IsDrawn => true;

    /// <inheritdoc/>
    protected override string Relief => "Ask for fewer with task.dataset.count";

    /// <inheritdoc/>
    protected override DatasetOutline Survey(DataRequest request) => new()
    {
        Train = request.Look(Splits.Train, Outlined),
        Validation = request.Look(Splits.Validation, Outlined),
        Test = request.Look(Splits.Test, Outlined),
        ClassNames = ["lying", "standing"],
    };

    /// <inheritdoc/>
    protected override Dataset Read(DataRequest request) => new(
        request.Make(Splits.Train, () => Draw("train")),
        request.Make(Splits.Validation, () => Draw("validation")),
        request.Make(Splits.Test, () => Draw("test")),
        ["lying", "standing"]);

    private SplitOutline Outlined() => new(Count, Side, Side);

    private Examples Draw(string split)
    {
        var (images, labels) = (new byte[Count * Side * Side], new long[Count]);
        for (var i = 0; i < Count; i++)
        {
            labels[i] = i % 2;
            var at = (int)((ulong)Seeds.Derive(Seed, "bars/" + split, i) % Side);
            for (var along = 0; along < Side; along++)
                images[i * Side * Side + (labels[i] == 0 ? at * Side + along : along * Side + at)] = 255;
        }
        return Examples.FromArrays(images, Side, Side, labels);
    }
}
