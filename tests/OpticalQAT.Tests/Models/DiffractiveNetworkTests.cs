using NUnit.Framework;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Models;

public class DiffractiveNetworkTests
{
    [Test]
    public void Light_meets_masks_and_gaps_in_turn()
    {
        using var scope = NewDisposeScope();
        using var network = Build();
        var input = Input();
        var propagator = SmallExperiment.With().Optics.BuildPropagator();
        var (first, second) = (network.Layers[0].Transmission(), network.Layers[1].Transmission());
        var atFirst = propagator.Propagate(input, 3e-3);
        var atSecond = propagator.Propagate(first * atFirst, 4e-3);
        var output = propagator.Propagate(second * atSecond, 5e-3);

        Assert.That(network.Gaps.Select(gap => gap.Metres), Is.EqualTo((double[])[3e-3, 4e-3, 5e-3]));
        Assert.That(Tensors.RelativeError(network.Layers.Aggregate(atFirst, (field, layer) => layer.forward(field)), output), Is.LessThan(1e-6));
        Assert.That(Tensors.RelativeError(network.forward(input), output), Is.LessThan(1e-6));
        Assert.That(Tensors.RelativeError(network.ToFirstMask(input), atFirst), Is.LessThan(1e-6));
        Assert.That(Tensors.RelativeError(network.FromFirstMask(atFirst), output), Is.LessThan(1e-6));
        Assert.That(network.Planes(input), Has.Count.EqualTo(3));
        Assert.That(Tensors.RelativeError(network.Planes(input)[1], atSecond), Is.LessThan(1e-6));
    }

    [Test]
    public void Its_state_is_the_positions_of_its_masks()
    {
        using var network = Build();
        Assert.That(network.state_dict().Keys, Is.EqualTo((string[])["masks.position"]));
        Assert.That(network.named_parameters().Select(p => p.name), Is.EqualTo((string[])["masks.position"]));
    }

    [Test]
    public void The_same_generator_gives_the_same_heights_and_they_differ_from_mask_to_mask()
    {
        using var scope = NewDisposeScope();
        using var a = Build();
        using var b = Build();
        var (first, second) = (a.Masks.Position[0], a.Masks.Position[-1]);
        Assert.That(Tensors.SameBits(first, b.Masks.Position[0]), Is.True);
        Assert.That(Tensors.SameBits(first, second), Is.False);
        Assert.That(first.max().item<float>(), Is.GreaterThan(5).And.LessThan(2 * Math.PI));
    }

    [Test]
    public void A_flat_start_is_a_plate()
    {
        using var network = Build("model.mask.initial=flat");
        Assert.That(network.Masks.Position[0].abs().max().item<float>(), Is.Zero);
    }

    [Test]
    public void Evaluation_shows_what_is_printed_and_training_the_soft_forward()
    {
        using var scope = NewDisposeScope();
        using var network = Quantized("quantizer.kind=progressive_sigmoid");
        network.Masks.Advance(0);
        var masks = network.Masks;
        var relief = masks.Groups.Single().Relief;
        network.eval();
        var printed = masks.Surface().Transmissions;
        Assert.That(Tensors.SameBits(printed, relief.PrintedTransmission(masks.Position)), Is.True);
        network.train();
        Assert.That(Tensors.SameBits(masks.Surface().Transmissions, printed), Is.False);
        Assert.That(Tensors.SameBits(masks.Surface().Transmissions, relief.Transmission(masks.Position)), Is.True);
    }

    [Test]
    public void Progress_reaches_every_mask_and_each_draws_by_itself()
    {
        using var network = Quantized();
        network.Masks.Advance(0.7, seed: 5);
        var moment = network.Masks.Groups.Single().Relief.Quantizer!.Moment;
        Assert.That(moment.Progress, Is.EqualTo(0.7));
        Assert.That(moment.Masks, Has.Count.EqualTo(2));
        Assert.That(moment.Masks.Select(mask => mask.Seed), Is.Unique);
    }

    [Test]
    public void Confining_brings_strayed_positions_back_between_the_ends()
    {
        using var scope = NewDisposeScope();
        using var network = Quantized("model.mask.extinction=0.03");
        using (no_grad())
            network.Masks.Position[0].add_(50);
        network.Masks.Confine();
        Assert.That(network.Masks.Position[0].eq(3).all().item<bool>(), Is.True);
        Assert.That(network.Masks.Position[-1].max().item<float>(), Is.LessThan(3));
    }

    /// <summary>The same phase on every pixel of a mask is the same phase at the detector.</summary>
    [Test]
    public void A_global_offset_changes_no_intensity()
    {
        using var scope = NewDisposeScope();
        using var network = Build();
        var before = Field.Intensity(network.forward(Input()));
        using (no_grad())
            network.Masks.Position[0].add_(0.8f);
        Assert.That(Tensors.RelativeError(Field.Intensity(network.forward(Input())), before), Is.LessThan(1e-5));
    }

    private static Tensor Input() => Tensors.NormalField([2, 12, 12], 9).to(ScalarType.ComplexFloat32);

    private static DiffractiveNetwork Build(params string[] overrides)
    {
        var experiment = SmallExperiment.With(overrides);
        using var generator = new Generator(4);
        return (DiffractiveNetwork)experiment.Model.Build(experiment.Optics, experiment.Levels, generator);
    }

    private static OpticalModel Quantized(params string[] overrides)
    {
        using var scope = NewDisposeScope();
        var experiment = SmallExperiment.With(overrides);
        var positions = SmallExperiment.Positions().clamp(-1, 1) + 1.5;
        return experiment.Model.BuildQuantized(experiment.Optics, experiment.Levels!, experiment.Quantizer, positions);
    }
}
