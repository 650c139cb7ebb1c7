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

    /// <summary>The number of scores that choosing the offsets of so many layers asks for, at most.</summary>
    internal static int Trials(int layers) => 1 + Passes * layers * (Candidates - 1);

    /// <summary>The positions of every mask at given offsets: level units, not yet rounded.</summary>
    /// <param name="offsets">For each layer, in metres, added to every height.</param>
    /// <returns>float32, [L, n, n].</returns>
    public Tensor Positions(IReadOnlyList<double> offsets)
    {
        using var heights = source.Masks.Heights().cpu();
        var (masks, flat) = (source.Masks, heights.data<double>().ToArray());
        var pixels = flat.Length / masks.Count;
        float[] positions = [.. Enumerable.Range(0, masks.Count).SelectMany(layer =>
            Positions(new ArraySegment<double>(flat, layer * pixels, pixels), levels[layer], offsets[layer], masks.Material.OneWave.Metres))];
        return tensor(positions, heights.shape, device: masks.Device);
    }

    /// <summary>
    /// The offsets of the layers, chosen one layer after the other, twice over: for each the best of eight in a level
    /// step, zero among them.
    /// </summary>
    /// <param name="score">The validation score of the model that the positions make; more is better.</param>
    public IReadOnlyList<double> ChooseOffsets(Func<Tensor, double> score)
    {
        var layers = source.Masks.Count;
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

    private double Score(double[] offsets, Func<Tensor, double> score)
    {
        using var scope = NewDisposeScope();
        return score(Positions(offsets));
    }

    private static double MeanStep(LevelTable table) => (table.EndOfCell(table.Cells - 1) - table.Heights[0]) / table.Cells;

    /// <summary>
    /// Light cannot tell a height from one a wave taller or lower. Of those, the one inside the table is taken; where
    /// there is none, the table's nearest end.
    /// </summary>
    private static IEnumerable<float> Positions(IEnumerable<double> heights, LevelTable table, double offset, double wave)
    {
        var lowest = table.Heights[0];
        var highest = table.EndOfCell(table.Cells - 1);
        foreach (var height in heights)
        {
            var shifted = height + offset;
            if (shifted > highest)
                shifted -= wave * Math.Ceiling((shifted - highest) / wave);
            if (shifted < lowest)
                shifted = lowest - shifted <= shifted + wave - highest ? lowest : Math.Min(shifted + wave, highest);
            yield return (float)table.PositionOf(shifted);
        }
    }
}
