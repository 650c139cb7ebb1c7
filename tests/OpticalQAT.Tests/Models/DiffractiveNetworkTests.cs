using NUnit.Framework;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Models;

public class DiffractiveNetworkTests
{
    [Test]
    public void Light_meets_mask_and_way_in_turn()
    {
        using var scope = NewDisposeScope();
        using var network = Build();
        var input = Input();
        var propagator = SmallExperiment.With().Optics.BuildPropagator();
        var (first, second) = (network.Layers[0].Mask.Transmission(), network.Layers[1].Mask.Transmission());
        var atFirst = propagator.Propagate(input, 3e-3);
        var atSecond = propagator.Propagate(first * atFirst, 4e-3);
        var output = propagator.Propagate(second * atSecond, 5e-3);

        Assert.That(network.Distances, Is.EqualTo((double[])[3e-3, 4e-3, 5e-3]));
        Assert.That(Tensors.RelativeError(network.forward(input), output), Is.LessThan(1e-6));
        Assert.That(Tensors.RelativeError(network.ToFirstMask(input), atFirst), Is.LessThan(1e-6));
        Assert.That(Tensors.RelativeError(network.ForwardFromFirstMask(atFirst), output), Is.LessThan(1e-6));
        Assert.That(network.Planes(input), Has.Count.EqualTo(3));
        Assert.That(Tensors.RelativeError(network.Planes(input)[1], atSecond), Is.LessThan(1e-6));
    }

    [Test]
    public void Its_state_is_the_positions_of_its_masks()
    {
        using var network = Build();
        Assert.That(network.state_dict().Keys, Is.EqualTo((string[])["layers.0.mask.position", "layers.1.mask.position"]));
        Assert.That(network.named_parameters().Select(p => p.name), Is.EqualTo((string[])["layers.0.mask.position", "layers.1.mask.position"]));
    }

    [Test]
    public void The_same_generator_gives_the_same_heights_and_they_differ_from_mask_to_mask()
    {
        using var scope = NewDisposeScope();
        using var a = Build();
        using var b = Build();
        var (first, second) = (a.Masks.First().Position, a.Masks.Last().Position);
        Assert.That(Tensors.SameBits(first, b.Masks.First().Position), Is.True);
        Assert.That(Tensors.SameBits(first, second), Is.False);
        Assert.That(first.max().item<float>(), Is.GreaterThan(5).And.LessThan(2 * Math.PI));
    }

    [Test]
    public void A_flat_start_is_a_plate()
    {
        using var network = Build("model.mask.initial=flat");
        Assert.That(network.Masks.First().Position.abs().max().item<float>(), Is.Zero);
    }

    [Test]
    public void Evaluation_shows_what_is_printed_and_training_the_soft_forward()
    {
        using var scope = NewDisposeScope();
        using var network = Quantized("quantizer.kind=progressive_sigmoid");
        network.SetProgress(0);
        var mask = network.Masks.First();
        network.eval();
        var printed = mask.Transmission();
        Assert.That(Tensors.SameBits(printed, mask.Relief.PrintedTransmission(mask.Position)), Is.True);
        network.train();
        Assert.That(Tensors.SameBits(mask.Transmission(), printed), Is.False);
        Assert.That(Tensors.SameBits(mask.Transmission(), mask.Relief.Transmission(mask.Position)), Is.True);
    }

    [Test]
    public void Progress_reaches_every_mask_and_each_draws_by_itself()
    {
        using var network = Quantized();
        network.SetProgress(0.7, seed: 5);
        Assert.That(network.Masks.Select(mask => mask.Quantizer!.Moment.Progress), Is.All.EqualTo(0.7));
        Assert.That(network.Masks.Select(mask => mask.Quantizer!.Moment.Seed), Is.Unique);
    }

    [Test]
    public void Confining_brings_strayed_positions_back_between_the_ends()
    {
        using var scope = NewDisposeScope();
        using var network = Quantized("model.mask.extinction=0.03");
        using (no_grad())
            network.Masks.First().Position.add_(50);
        network.Confine();
        Assert.That(network.Masks.First().Position.eq(3).all().item<bool>(), Is.True);
        Assert.That(network.Masks.Last().Position.max().item<float>(), Is.LessThan(3));
    }

    /// <summary>The same phase on every pixel of a mask is the same phase at the detector.</summary>
    [Test]
    public void A_global_offset_changes_no_intensity()
    {
        using var scope = NewDisposeScope();
        using var network = Build();
        var before = Field.Intensity(network.forward(Input()));
        using (no_grad())
            network.Masks.First().Position.add_(0.8f);
        Assert.That(Tensors.RelativeError(Field.Intensity(network.forward(Input())), before), Is.LessThan(1e-5));
    }

    private static Tensor Input() => Tensors.NormalField([2, 12, 12], 9).to(ScalarType.ComplexFloat32);

    private static OpticalModel Build(params string[] overrides)
    {
        var experiment = SmallExperiment.With(overrides);
        using var generator = new Generator(4);
        return experiment.Model.Build(experiment.Optics, experiment.Levels, generator);
    }

    private static OpticalModel Quantized(params string[] overrides)
    {
        using var scope = NewDisposeScope();
        var experiment = SmallExperiment.With(overrides);
        Tensor[] positions = [.. SmallExperiment.Positions().Select(position => position.clamp(-1, 1) + 1.5)];
        return experiment.Model.BuildQuantized(experiment.Optics, experiment.Levels!, experiment.Quantizer, positions);
    }
}
