using NUnit.Framework;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Goldens;

/// <summary>The stack of three phase masks, once from propagators alone in double precision and once as the model that is trained.</summary>
public class NetworkGoldenTests
{
    private static readonly Golden Golden = Golden.Named("network0").Single();

    [Test]
    public void Fields_at_every_plane_and_phase_gradients_in_double_precision()
    {
        using var scope = NewDisposeScope();
        var propagator = Golden.Propagator();
        var distance = Golden.Number("distance_m");
        var phases = Golden.Array("phases").requires_grad_(true);
        var planes = new List<Tensor> { propagator.Propagate(Golden.Array("input"), distance) };
        for (var layer = 0; layer < Golden.Count("layers"); layer++)
            planes.Add(propagator.Propagate(planes[^1] * polar(ones_like(phases[layer]), phases[layer]), distance));
        Loss(planes[^1]).backward();

        Assert.That(Tensors.WorstError(stack(planes), Golden.Array("planes")), Is.LessThan(1e-10));
        Assert.That(Tensors.WorstError(phases.grad!, Golden.Array("phase_gradient")), Is.LessThan(1e-10));
    }

    [Test]
    public void Fields_at_every_plane_of_the_model()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        var planes = network.Planes(Input());
        using var expected = Golden.Array("planes");

        Assert.That(planes, Has.Count.EqualTo(4));
        for (var plane = 0; plane < planes.Count; plane++)
            Assert.That(Tensors.RelativeError(planes[plane][0], expected[plane]), Is.LessThan(2e-5), $"plane {plane}");
        Assert.That(Tensors.RelativeError(network.forward(Input())[0], expected[3]), Is.LessThan(2e-5));
    }

    /// <summary>Positions in full precision are radians of delay, so their gradient is the phases'.</summary>
    [Test]
    public void Gradients_of_the_models_positions()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        network.train();
        Loss(network.forward(Input())[0]).backward();
        var gradient = network.Masks.Position.grad!;
        Assert.That(Tensors.RelativeError(gradient, Golden.Array("phase_gradient")), Is.LessThan(1e-4));
    }

    private static Tensor Loss(Tensor field) => (Golden.Array("weight").to(field.real.dtype) * Field.Intensity(field)).sum();

    private static Tensor Input() => Golden.Array("input").unsqueeze(0).to(ScalarType.ComplexFloat32);

    private static DiffractiveNetwork Network()
    {
        using var scope = NewDisposeScope();
        var propagator = Golden.Propagator();
        var relief = new ContinuousRelief(new Material(1.5, 0, propagator.Wave), bounds: null);
        var phases = Golden.Array("phases").to(ScalarType.Float32);
        var distance = Golden.Number("distance_m");
        var layers = Golden.Count("layers");
        return new DiffractiveNetwork(propagator, new MaskStack(relief, phases[..layers], new MaskFrame(1)), [.. Enumerable.Repeat(new Length(distance), layers + 1)]);
    }
}
