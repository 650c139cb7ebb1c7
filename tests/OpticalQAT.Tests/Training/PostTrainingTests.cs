using NUnit.Framework;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using OpticalQAT.Tests.Support;
using OpticalQAT.Training;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Training;

public class PostTrainingTests
{
    /// <summary>
    /// Masks that lie half-way between the levels, give or take a little: plain rounding tears neighbours apart, and the
    /// offset that is found brings every pixel back to a level. Where the lead is uniform and less, nothing is lost.
    /// </summary>
    [Test]
    public void Levels_with_a_constant_offset_are_rounded_almost_without_loss()
    {
        using var scope = NewDisposeScope();
        var experiment = SmallExperiment.With();
        var levels = experiment.Levels!;
        using var network = FullPrecision(experiment, leads: [0.5, 0.25], jitter: 0.02);
        var input = Tensors.NormalField([1, 12, 12], 9).to(ScalarType.ComplexFloat32);
        var wanted = Field.Intensity(network.forward(input));
        double Error(Tensor positions)
        {
            using var rounded = experiment.Model.BuildQuantized(experiment.Optics, levels, experiment.Quantizer, positions);
            rounded.eval();
            return Tensors.RelativeError(Field.Intensity(rounded.forward(input)), wanted);
        }

        var rounding = new PostTraining(network, levels);
        var offsets = rounding.ChooseOffsets(positions => -(positions - positions.round()).abs().sum().item<float>());
        var step = levels[0].Period!.Value / levels[0].Count;
        Assert.That(offsets.Select(offset => offset / step), Is.EqualTo((double[])[0.5, 0.75]).Within(1e-9));
        Assert.That(Error(rounding.Positions([0, 0])), Is.GreaterThan(0.2), "rounded as it stands it is another field");
        Assert.That(Error(rounding.Positions(offsets)), Is.LessThan(0.1));
    }

    /// <summary>A wave more or less is the same light: heights outside the table come into it where they can, to its nearest end where they cannot.</summary>
    [Test]
    public void Positions_on_a_table_that_does_not_close()
    {
        using var scope = NewDisposeScope();
        var wave = SmallExperiment.With().Model.Material(SmallExperiment.With().Optics).OneWave.Metres;
        var table = new LevelTable([0.5 * wave, 0.75 * wave, 1.25 * wave]);
        var experiment = SmallExperiment.With("model.layers=1");
        using var generator = new Generator(1);
        using var network = experiment.Model.Build(experiment.Optics, levels: null, generator);
        double[] waves = [0, 0.1, 0.25, 0.35, 0.45, 0.5, 0.75, 0.99];
        using (no_grad())
            network.Masks.Position[0, 0, ..8] = tensor([.. waves.Select(w => (float)(2 * Math.PI * w))]);
        var positions = new PostTraining(network, [table]).Positions([0])[0, 0, ..8].data<float>().ToArray();
        // 0 and 0.1 become 1 and 1.1; 0.25 becomes 1.25; 0.35 lies nearer to 1.25 below it, 0.45 nearer to 0.5
        Assert.That(positions, Is.EqualTo((double[])[1.5, 1.7, 2, 2, 0, 0, 1, 1.48]).Within(1e-4));
    }

    [Test]
    public void Zero_is_kept_where_no_offset_is_better()
    {
        using var network = FullPrecision(SmallExperiment.With(), leads: [0, 0], jitter: 0);
        Assert.That(new PostTraining(network, SmallExperiment.With().Levels!).ChooseOffsets(_ => 0.5), Is.EqualTo((double[])[0, 0]));
    }

    /// <summary>A model in full precision whose heights are levels plus, for each layer, a share of a step, and for each pixel a little more or less.</summary>
    private static OpticalModel FullPrecision(Experiment experiment, double[] leads, double jitter)
    {
        using var generator = new Generator(1);
        var network = experiment.Model.Build(experiment.Optics, experiment.Levels, generator);
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var position = network.Masks.Position;
        var noise = rand(position.shape, generator: generator).sub(0.5) * (2 * jitter);
        position.copy_(((position / (Math.PI / 2)).floor() + tensor([.. leads.Select(lead => (float)lead)]).view(-1, 1, 1) + noise) * (Math.PI / 2));
        return network;
    }
}
