using OpticalQAT.Configuration;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>The form of an opening.</summary>
public enum ApertureShape
{
    /// <summary>As wide as it is high.</summary>
    Square,

    /// <summary>A circle.</summary>
    Round,
}

/// <summary>An opening on the axis in the input plane. What lies outside is dark, and does not count as light that entered.</summary>
public sealed record InputAperture
{
    /// <summary>The width of the opening; of a round one the diameter. A square one is rounded to whole samples.</summary>
    [AtLeast(1e-12), AtMost(1000)]
    public required Length Size { get; init; }

    /// <summary>The form of the opening.</summary>
    public ApertureShape Shape { get; init; } = ApertureShape.Square;

    /// <summary>The samples that it is wide.</summary>
    public int Samples(Grid grid) => (int)Math.Round(grid.SamplesIn(Size));

    /// <summary>The share of the amplitude that each sample lets through; an edge sample of a round opening as much as is open of it.</summary>
    /// <returns>float32, [N, N].</returns>
    public Tensor Window(Grid grid)
    {
        using var scope = NewDisposeScope();
        if (Shape == ApertureShape.Round)
            return Field.CircularAperture(grid, Size / 2).real.to(ScalarType.Float32).MoveToOuterDisposeScope();
        var window = zeros(grid.Size, grid.Size);
        var (open, before) = (Samples(grid), (grid.Size - Samples(grid)) / 2);
        window.narrow(0, before, open).narrow(1, before, open).fill_(1);
        return window.MoveToOuterDisposeScope();
    }
}

/// <summary>The place of the middle of something in a plane, from the axis.</summary>
public sealed record Placement
{
    /// <summary>To the right; negative to the left.</summary>
    [AtLeast(-1000), AtMost(1000)]
    public Length X { get; init; }

    /// <summary>Downwards, as rows are counted; negative upwards.</summary>
    [AtLeast(-1000), AtMost(1000)]
    public Length Y { get; init; }
}
