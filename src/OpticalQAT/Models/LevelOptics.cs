using System.Numerics;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>The optical responses of the levels of a table, on whatever device the mask is.</summary>
internal sealed class LevelOptics
{
    private readonly PerDevice _heights;
    private readonly PerDevice _heightsAtEnds;
    private readonly PerDevice _phases;
    private readonly PerDevice _phasesAtEnds;
    private readonly Material? _formula;
    private readonly PerDevice? _losses;
    private readonly PerDevice? _lossesAtEnds;
    private readonly PerDevice _transmissions;
    private readonly PerDevice _transmissionsAtEnds;

    /// <summary>The levels of a table in a material.</summary>
    public LevelOptics(Material material, LevelTable levels)
    {
        var heights = levels.Heights.ToArray();
        double[] phases = [.. heights.Select((height, level) => Phase(material, levels, level))];
        double[] losses = [.. heights.Select((height, level) => Loss(material, levels, level))];
        Complex[] transmissions = [.. heights.Select((height, level) => levels.HasResponses ? Complex.FromPolarCoordinates(Math.Exp(-losses[level]), phases[level]) : material.Transmission(height))];
        // On a circle the last cell ends a wave above the first level, and its transmission is that of level 0 to the bit.
        int[] above = [.. Enumerable.Range(1, levels.Cells).Select(i => i % levels.Count)];
        var wave = material.PhasePerMetre * (levels.Period ?? 0);
        _formula = levels.HasResponses ? null : material;
        _heights = new(() => tensor(heights));
        _heightsAtEnds = new(() => tensor([.. Enumerable.Range(0, levels.Cells).Select(levels.EndOfCell)]));
        _phases = new(() => tensor(phases));
        _phasesAtEnds = new(() => tensor([.. above.Select(level => phases[level] + (level == 0 ? wave : 0))]));
        if (losses.Any(loss => loss != 0))
        {
            _losses = new(() => tensor(losses));
            _lossesAtEnds = new(() => tensor([.. above.Select(level => losses[level])]));
        }
        _transmissions = new(() => Of(transmissions));
        _transmissionsAtEnds = new(() => Of([.. above.Select(level => transmissions[level])]));

        static Tensor Of(Complex[] values) => ComplexTensor.Of(values, values.Length).to(ScalarType.ComplexFloat32);
    }

    /// <summary>The heights, float64, [N], metres.</summary>
    public Tensor Heights(Device device) => _heights.On(device);

    /// <summary>The complex transmissions, complex64, [N].</summary>
    public Tensor Transmissions(Device device) => _transmissions.On(device);

    /// <summary>The values that are interpolated between the levels.</summary>
    public LevelResponses On(Device device) => new(
        new LevelValues(_heights.On(device), _heightsAtEnds.On(device)),
        new LevelValues(_phases.On(device), _phasesAtEnds.On(device)),
        _losses is null ? null : new LevelValues(_losses.On(device), _lossesAtEnds!.On(device)),
        new LevelValues(_transmissions.On(device), _transmissionsAtEnds.On(device)),
        _formula);

    /// <summary>A measured phase is known up to whole turns: of those, the one nearest to the formula's makes neighbouring levels follow each other.</summary>
    private static double Phase(Material material, LevelTable levels, int level)
    {
        var formula = material.PhasePerMetre * levels.Heights[level];
        return levels.Phases.IsEmpty
            ? formula
            : levels.Phases[level] + 2 * Math.PI * Math.Round((formula - levels.Phases[level]) / (2 * Math.PI));
    }

    private static double Loss(Material material, LevelTable levels, int level)
    {
        const double Opaque = 1e-30; // its logarithm is finite, and in single precision it is as good as 0
        return levels.Amplitudes.IsEmpty
            ? material.AttenuationPerMetre * levels.Heights[level]
            : -Math.Log(Math.Max(levels.Amplitudes[level], Opaque));
    }
}
