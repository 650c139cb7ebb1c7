using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>What the levels of a table are to light, on whatever device the mask is.</summary>
internal sealed class LevelOptics
{
    private readonly PerDevice _heights;
    private readonly PerDevice _transmissions;
    private readonly PerDevice _heightsAtEnds;
    private readonly PerDevice _transmissionsAtEnds;

    /// <summary>The levels of a table in a material.</summary>
    public LevelOptics(Material material, LevelTable levels)
    {
        double[] starts = levels.Heights.ToArray();
        double[] ends = [.. Enumerable.Range(0, levels.Cells).Select(levels.EndOfCell)];
        _heights = new(() => tensor(starts));
        _heightsAtEnds = new(() => tensor(ends));
        _transmissions = new(() => Transmissions(starts));
        // On a circle the last cell ends where the first begins, and its transmission is that of level 0 to the bit.
        _transmissionsAtEnds = new(() => Transmissions([.. Enumerable.Range(1, levels.Cells).Select(i => starts[i % levels.Count])]));

        Tensor Transmissions(double[] heights) =>
            ComplexTensor.Of([.. heights.Select(material.Transmission)], heights.Length).to(ScalarType.ComplexFloat32);
    }

    /// <summary>The heights, float64, metres.</summary>
    public LevelValues Heights(Device device) => new(_heights.On(device), _heightsAtEnds.On(device));

    /// <summary>The complex transmissions, complex64.</summary>
    public LevelValues Transmissions(Device device) => new(_transmissions.On(device), _transmissionsAtEnds.On(device));

    /// <summary>The heights of levels that are learnt, with their gradient.</summary>
    /// <param name="heights">float64, [masks, N], metres.</param>
    /// <param name="period">The height after which the circle closes; null for tables that do not close.</param>
    public static LevelValues HeightsOf(Tensor heights, double? period) => Around(heights, period ?? 0, period is not null);

    /// <summary>The transmissions of levels that are learnt, with their gradient.</summary>
    /// <param name="transmissions">complex64, [masks, N].</param>
    /// <param name="closes">Whether the tables close to circles.</param>
    public static LevelValues TransmissionsOf(Tensor transmissions, bool closes) => Around(transmissions, 0, closes);

    private static LevelValues Around(Tensor starts, double wave, bool closes)
    {
        var above = starts.slice(1, 1, starts.shape[1], 1);
        return new(starts, closes ? cat([above, starts.slice(1, 0, 1, 1) + wave], 1) : above);
    }
}
