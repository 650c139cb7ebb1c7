using static TorchSharp.torch;

namespace OpticalQAT.Quantization;

/// <summary>
/// The space in which a quantizer works: positions in level units, 0 the lowest level, 1 the next. It knows how many levels there
/// are and whether they close to a circle, and nothing of heights.
/// </summary>
/// <param name="Count">The number of levels, N, at least 2.</param>
/// <param name="Closes">Whether level N is level 0 again, so that positions live on a circle of circumference N; otherwise they live on [0, N-1].</param>
public readonly record struct LevelSpace(int Count, bool Closes)
{
    /// <summary>The nearest level of each position; half-way between two it is the higher one.</summary>
    /// <param name="position">Real, any shape, level units.</param>
    /// <returns>int64, of the same shape, from 0 to N-1.</returns>
    public Tensor Nearest(Tensor position)
    {
        using var scope = NewDisposeScope();
        var rounded = position.detach().add(0.5).floor().to(ScalarType.Int64);
        var level = Closes ? rounded.remainder(Count) : rounded.clamp(0, Count - 1);
        return level.MoveToOuterDisposeScope();
    }

    /// <summary>Cuts a position into the cell it lies in and the fraction of it that it has passed.</summary>
    /// <param name="position">Real, any shape, level units; beyond the ends of a line it counts as the end, and passes no gradient.</param>
    public CellIndex Split(Tensor position)
    {
        var inside = Closes ? position : position.clamp(0, Count - 1);
        using var floor = inside.detach().floor();
        using var lowest = Closes ? floor.alias() : floor.clamp(0, Count - 2);
        var fraction = inside - lowest;
        using var cell = lowest.to(ScalarType.Int64);
        return new CellIndex(Closes ? cell.remainder(Count) : cell.alias(), fraction);
    }
}
