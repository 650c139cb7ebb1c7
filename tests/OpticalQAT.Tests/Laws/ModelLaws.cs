using NUnit.Framework;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Laws;

/// <summary>The laws of every kind of processor, in full precision and at levels.</summary>
[TestFixtureSource(nameof(Kinds))]
public class ModelLaws(string kind)
{
    private TorchSharp.DisposeScope _scope = null!;
    private Experiment _experiment = null!;

    private static IEnumerable<string> Kinds => Support.Kinds.Library.FamilyOf(typeof(ModelKind)).Kinds.Select(kind => kind.Name);

    [SetUp]
    public void Make() => (_scope, _experiment) = (NewDisposeScope(), SmallExperiment.With(Keys(kind)));

    [TearDown]
    public void Remove() => _scope.Dispose();

    [Test]
    public void Fields_come_out_as_they_went_in_and_no_brighter([Values] bool atLevels)
    {
        using var network = Build(atLevels);
        var input = Input(3, 9);
        var output = network.forward(input);
        Assert.That(output.shape, Is.EqualTo(input.shape));
        Assert.That(output.dtype, Is.EqualTo(ScalarType.ComplexFloat32));
        var (entered, left) = (Power(input), Power(output));
        Assert.That((left <= entered * (1 + 1e-5)).all().item<bool>(), Is.True, "masks are passive");
        Assert.That(left.min().item<double>(), Is.GreaterThan(0));
    }

    [Test]
    public void Light_adds_up([Values] bool atLevels)
    {
        using var network = Build(atLevels);
        var (a, b) = (Input(1, 3), Input(1, 4));
        Assert.That(Tensors.RelativeError(network.forward(a * 2 - b), network.forward(a) * 2 - network.forward(b)), Is.LessThan(1e-5));
    }

    [Test]
    public void Images_of_a_batch_do_not_meet([Values] bool atLevels)
    {
        using var network = Build(atLevels);
        var input = Input(3, 9);
        Assert.That(Tensors.RelativeError(network.forward(input.narrow(0, 1, 1)), network.forward(input).narrow(0, 1, 1)), Is.LessThan(1e-5));
    }

    /// <summary>Along one direction of all heights, in float32: to a few percent.</summary>
    [Test]
    public void The_gradient_of_the_heights_matches_finite_differences()
    {
        using var network = Build(atLevels: false);
        network.train();
        var input = Input(2, 5);
        var weight = Tensors.Normal([2, _experiment.Optics.Grid.Size, _experiment.Optics.Grid.Size], 6);
        var positions = network.Masks.Position;
        var direction = Tensors.Normal(positions.shape, 7, ScalarType.Float32);

        Loss().backward();
        var slope = (positions.grad! * direction).sum().to(ScalarType.Float64).item<double>();
        using var untracked = no_grad();
        const double Step = 1e-2;
        var difference = (At(Step) - At(-Step)) / (2 * Step);

        Assert.That(Enumerable.Range(0, network.Masks.Count).Select(layer => positions.grad![layer].count_nonzero().item<long>()), Is.All.Positive, "every mask learns");
        Assert.That(slope, Is.EqualTo(difference).Within(3).Percent);

        Tensor Loss() => (Field.Intensity(network.forward(input)).to(ScalarType.Float64) * weight).sum();

        double At(double step)
        {
            positions.add_(direction, alpha: step);
            var loss = Loss().item<double>();
            positions.add_(direction, alpha: -step);
            return loss;
        }
    }

    [Test]
    public void Full_precision_and_levels_have_the_same_form()
    {
        var (model, optics) = (_experiment.Model, _experiment.Optics);
        using var free = Build(atLevels: false);
        using var quantized = Build(atLevels: true);
        var pixels = model.PrintedPixels(optics);
        Assert.That(free.Masks.Position.shape, Is.EqualTo((long[])[model.LayerCount, .. model.PositionShape(optics)]));
        foreach (var network in new[] { free, quantized })
        {
            Assert.That(network.Masks.Heights().shape, Is.EqualTo(new long[] { model.LayerCount, pixels, pixels }));
            Assert.That(network.Gaps, Is.EqualTo(free.Gaps));
            Assert.That(network.Gaps.Count > 0, Is.EqualTo(model.HasFreeSpace));
            Assert.That(network.Grid, Is.EqualTo(optics.Grid));
        }
        foreach (var (heights, table) in quantized.Masks.HeightsOfLayers().Zip(_experiment.Levels!))
            Assert.That(heights.Distinct(), Is.SubsetOf(table.Heights.ToArray()), "what is printed is levels");
    }

    [Test]
    public void A_seed_gives_one_start_and_two_seeds_two([Values] bool withLevels)
    {
        var (first, again, other) = (Start(3), Start(3), Start(4));
        Assert.That(Tensors.SameBits(first, again), Is.True);
        for (var layer = 0; layer < first.shape[0]; layer++)
            Assert.That(Tensors.SameBits(first[layer], other[layer]), Is.False);

        Tensor Start(ulong seed)
        {
            using var generator = new Generator(seed);
            using var network = _experiment.Model.Build(_experiment.Optics, withLevels ? _experiment.Levels : null, generator);
            return network.Masks.Position.detach().clone();
        }
    }

    [Test]
    public void It_can_be_looked_at_before_it_is_built()
    {
        var (model, optics) = (_experiment.Model, _experiment.Optics);
        Assert.That(model.Sizes(optics).Select(size => size.Samples), Is.Not.Empty.And.All.Positive);
        foreach (var levels in new[] { _experiment.Quantizer.Levels, null })
            Assert.That(model.Examine(optics, levels).Where(finding => finding.IsError), Is.Empty);
        Assert.That(model.PrintedPitch(optics).Metres, Is.Positive);
        Assert.That(model.Material(optics).OneWave.Metres, Is.Positive);
        Assert.That(model.Distances.Select(way => way.Metres), Is.Unique.And.All.Not.Negative);
    }

    /// <summary>The model of each kind. A new kind needs its line here.</summary>
    private static string[] Keys(string kind) => kind switch
    {
        "diffractive_network" => ["model.layers=3"],
        "fourier_filter" => ["model={ kind: fourier_filter, focal_length: 10 mm, mask: { material_index: 1.7227 } }"],
        _ => throw new NotSupportedException($"Give the model '{kind}' its keys here."),
    };

    private OpticalModel Build(bool atLevels)
    {
        using var generator = new Generator(3);
        var network = _experiment.Model.Build(_experiment.Optics, _experiment.Levels, generator);
        if (atLevels)
        {
            using var free = network;
            network = _experiment.Model.BuildQuantized(_experiment.Optics, _experiment.Levels!, new StraightThrough(), free.Masks.Position.detach() * 3);
        }
        network.eval();
        return network;
    }

    private Tensor Input(int count, ulong seed) => Tensors.NormalField([count, _experiment.Optics.Grid.Size, _experiment.Optics.Grid.Size], seed).to(ScalarType.ComplexFloat32);

    private static Tensor Power(Tensor field) => field.abs().to(ScalarType.Float64).square().sum([1, 2]);
}
