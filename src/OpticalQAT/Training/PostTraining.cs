using OpticalQAT.Models;
using OpticalQAT.Quantization;
using static TorchSharp.torch;

namespace OpticalQAT.Training;

/// <summary>
/// Post-training quantization: a full-precision model is rounded to a level table. Adding the same phase to every
/// pixel of a mask changes nothing that a detector sees, but it changes what rounding does; so each layer is rounded
/// after the offset that scores best on validation data.
/// </summary>
/// <param name="source">The model in full precision.</param>
/// <param name="levels">For each layer the table that it is rounded to.</param>
public sealed class PostTraining(OpticalModel source, IReadOnlyList<LevelTable> levels)
{
    private const int Candidates = 8;
    private const int Passes = 2;

    /// <summary>How often choosing the offsets of so many layers asks for a score, at most.</summary>
    internal static int Trials(int layers) => 1 + Passes * layers * (Candidates - 1);

    /// <summary>The positions of every mask at given offsets: level units, not yet rounded.</summary>
    /// <param name="offsets">For each layer, in metres, added to every height.</param>
    /// <returns>For each layer float32, [n, n].</returns>
    public IReadOnlyList<Tensor> Positions(IReadOnlyList<double> offsets) =>
        [.. source.Masks.Select((mask, layer) => Positions(mask, levels[layer], offsets[layer]))];

    /// <summary>
    /// The offsets of the layers, chosen one layer after the other, twice over: for each the best of eight in a level
    /// step, zero among them.
    /// </summary>
    /// <param name="score">The validation score of the model that the positions make; more is better.</param>
    public IReadOnlyList<double> ChooseOffsets(Func<IReadOnlyList<Tensor>, double> score)
    {
        var layers = source.Masks.Count();
        var offsets = new double[layers];
        var best = Score(offsets, score);
        for (var pass = 0; pass < Passes; pass++)
        {
            for (var layer = 0; layer < layers; layer++)
            {
                var kept = offsets[layer];
                for (var candidate = 0; candidate < Candidates; candidate++)
                {
                    var offset = MeanStep(levels[layer]) * candidate / Candidates;
                    if (offset == kept)
                        continue;
                    var trial = (double[])offsets.Clone();
                    trial[layer] = offset;
                    var reached = Score(trial, score);
                    if (reached > best)
                        (best, offsets[layer]) = (reached, offset);
                }
            }
        }
        return offsets;
    }

    private double Score(double[] offsets, Func<IReadOnlyList<Tensor>, double> score)
    {
        using var scope = NewDisposeScope();
        return score(Positions(offsets));
    }

    private static double MeanStep(LevelTable table) => (table.EndOfCell(table.Cells - 1) - table.Heights[0]) / table.Cells;

    /// <summary>
    /// Light cannot tell a height from one a wave taller or lower. Of those, the one inside the table is taken; where
    /// there is none, the table's nearest end.
    /// </summary>
    private static Tensor Positions(HeightMask mask, LevelTable table, double offset)
    {
        using var heights = mask.Heights().cpu();
        var wave = mask.Relief.Material.OneWave.Metres;
        var lowest = table.Heights[0];
        var highest = table.EndOfCell(table.Cells - 1);
        var positions = heights.data<double>().ToArray().Select(height =>
        {
            var shifted = height + offset;
            if (shifted > highest)
                shifted -= wave * Math.Ceiling((shifted - highest) / wave);
            if (shifted < lowest)
                shifted = lowest - shifted <= shifted + wave - highest ? lowest : Math.Min(shifted + wave, highest);
            return (float)table.PositionOf(shifted);
        }).ToArray();
        return tensor(positions, mask.Position.shape, device: mask.Position.device);
    }
}
