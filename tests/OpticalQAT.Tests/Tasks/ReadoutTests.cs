using NUnit.Framework;
using OpticalQAT.Data;
using OpticalQAT.Optics;
using OpticalQAT.Tasks;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Tasks;

public class ReadoutTests
{
    private static readonly OpticalSetting Setting = new() { Wavelength = new Length(1e-3), Grid = new Grid { Size = 20, PixelPitch = new Length(1e-3) } };

    private static IEnumerable<ReadoutKind> Kinds =>
        from kind in Support.Kinds.Of<ReadoutKind>()
        where kind is not NoReadout
        from input in Enum.GetValues<ReadoutInput>()
        select kind switch { LinearReadout linear => linear with { Input = input }, MlpReadout mlp => mlp with { Input = input }, _ => kind };

    [TestCaseSource(nameof(Kinds))]
    public void At_the_start_it_adds_nothing_and_nothing_to_darkness_either(ReadoutKind kind)
    {
        using var scope = NewDisposeScope();
        using var readout = kind.Build(6, 3)!;
        Assert.That(readout.forward(cat([Tensors.Normal([4, 6], 1, ScalarType.Float32).abs(), zeros(1, 6)])).abs().max().item<float>(), Is.Zero);
    }

    [Test]
    public void Parameters_are_counted_as_documented()
    {
        using var linear = new LinearReadout().Build(20, 10);
        using var mlp = new MlpReadout { Hidden = 7 }.Build(20, 10);
        Assert.That(linear.ParameterCount, Is.EqualTo(20 * 10 + 10));
        Assert.That(mlp.ParameterCount, Is.EqualTo(7 * 21 + 10 * 8));
    }

    /// <summary>All the read-out knows is how the light is spread: twice the light, the same answer.</summary>
    [TestCaseSource(nameof(Kinds))]
    public void Brighter_light_gives_the_same_answer(ReadoutKind kind)
    {
        using var scope = NewDisposeScope();
        using var readout = kind.Build(6, 3)!;
        Shake(readout);
        var powers = Tensors.Normal([4, 6], 2, ScalarType.Float32).abs();
        Assert.That((readout.forward(powers * 1000) - readout.forward(powers)).abs().max().item<float>(), Is.LessThan(1e-4));
    }

    [TestCaseSource(nameof(Kinds))]
    public void Every_parameter_and_the_powers_get_a_gradient(ReadoutKind kind)
    {
        using var scope = NewDisposeScope();
        using var readout = kind.Build(6, 3)!;
        Shake(readout);
        var powers = (Tensors.Normal([8, 6], 3, ScalarType.Float32).abs() + 0.1f).requires_grad_(true);
        readout.forward(powers).square().sum().backward();
        Assert.That(readout.named_parameters().Select(p => p.parameter.grad!.abs().sum().item<float>()), Is.All.GreaterThan(0));
        Assert.That(powers.grad!.abs().sum().item<float>(), Is.GreaterThan(0));
    }

    /// <summary>Whether exactly one of two regions is bright no matrix can tell; a hidden layer can.</summary>
    [Test]
    public void A_hidden_layer_learns_what_a_matrix_cannot()
    {
        using var scope = NewDisposeScope();
        // The third region takes the rest, so that the sum tells nothing.
        var powers = tensor(new[,] { { 9f, 9, 1 }, { 1, 1, 17 }, { 9, 1, 9 }, { 1, 9, 9 } });
        var targets = tensor([0L, 0, 1, 1]);
        Assert.That(Learn(new MlpReadout { Input = ReadoutInput.Share, Hidden = 16 }, powers, targets), Is.EqualTo(1));
        Assert.That(Learn(new LinearReadout { Input = ReadoutInput.Share }, powers, targets), Is.LessThan(1));
    }

    /// <summary>Powers that say nothing of the class cannot be answered better than by guessing, whatever is behind the detector.</summary>
    [Test]
    public void What_the_light_does_not_know_no_readout_does()
    {
        using var scope = NewDisposeScope();
        var targets = arange(40, dtype: ScalarType.Int64).remainder(2);
        Assert.That(Learn(new MlpReadout(), ones(40, 4), targets), Is.EqualTo(0.5));
    }

    /// <summary>The light takes the first example for class 1; the read-out sees through it.</summary>
    [Test]
    public void Optical_and_hybrid_scores_have_names_of_their_own()
    {
        using var scope = NewDisposeScope();
        using var task = new Classification { Dataset = new Glyphs(), Detector = new GridDetector { Regions = 3, Gain = 4 }, Readout = new LinearReadout() }.Build(Setting);
        using (no_grad())
            task.named_parameters().Single(p => p.name.EndsWith("bias", StringComparison.Ordinal)).parameter.copy_(tensor([50f, 0, 0]));
        using var measurement = task.Measure();
        measurement.Add(new(cat([Light(task, 1, 2, 1), Light(task, 3, 1, 1)]), ones(2) * 10), tensor([0L, 0]));
        var metrics = measurement.Result();

        Assert.That(metrics["accuracy"], Is.EqualTo(0.5), "the light alone");
        Assert.That(metrics["hybrid_accuracy"], Is.EqualTo(1), "with the read-out");
        Assert.That((task.Score, task.KeptScores), Is.EqualTo((ClassificationTask.HybridAccuracy, (Metric[])[ClassificationTask.HybridAccuracy, ClassificationTask.Accuracy])));
        Assert.That(measurement.Confusion()[0, 0], Is.EqualTo(2));
        Assert.That(measurement.Shown()[0, 0], Is.EqualTo(1).Within(1e-6), "a probability");
        Assert.That(task.Remarks.Single(), Does.Contain("12 parameters"));
    }

    [Test]
    public void Without_a_readout_there_is_one_accuracy()
    {
        using var scope = NewDisposeScope();
        using var task = new Classification { Dataset = new Glyphs(), Detector = new GridDetector { Regions = 3 } }.Build(Setting);
        using var measurement = task.Measure();
        measurement.Add(new(Light(task, 1, 2, 1), ones(1) * 10), tensor([1L]));
        Assert.That(measurement.Result().Keys, Is.EqualTo((string[])["accuracy", "loss", "efficiency", "contrast"]));
        Assert.That(task.named_parameters().Select(p => p.name), Is.EqualTo((string[])["log_gain"]));
    }

    [Test]
    public void Fine_tuning_goes_on_with_the_readout_of_the_same_form()
    {
        using var given = Of(new LinearReadout());
        using var same = Of(new LinearReadout());
        using var other = Of(new MlpReadout());
        foreach (var (_, parameter) in given.named_parameters())
            Shake(parameter);
        same.TakeOver(given);
        other.TakeOver(given);
        Assert.That(Weight(same).equal(Weight(given)).all().item<bool>(), Is.True);
        Assert.That(Weight(other).abs().max().item<float>(), Is.Zero);

        static ClassificationTask Of(ReadoutKind kind) =>
            new Classification { Dataset = new Glyphs(), Detector = new GridDetector { Regions = 3 }, Readout = kind }.Build(Setting);
        static Tensor Weight(ClassificationTask task) => task.named_parameters().Single(p => p.name.EndsWith(".weight", StringComparison.Ordinal)).parameter;
    }

    private static double Learn(ReadoutKind kind, Tensor powers, Tensor targets)
    {
        using var readout = kind.Build((int)powers.shape[1], 2)!;
        using var optimizer = optim.Adam(readout.parameters(), 0.05);
        for (var step = 0; step < 150; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            nn.functional.cross_entropy(readout.forward(powers), targets).backward();
            optimizer.step();
        }
        using var untracked = no_grad();
        return readout.forward(powers).argmax(1).eq(targets).to(ScalarType.Float64).mean().item<double>();
    }

    private static void Shake(Readout readout)
    {
        foreach (var parameter in readout.parameters())
            Shake(parameter);
    }

    private static void Shake(Tensor parameter)
    {
        using var untracked = no_grad();
        parameter.copy_(Tensors.Normal(parameter.shape, 11, ScalarType.Float32));
    }

    private static Tensor Light(ClassificationTask task, params double[] powers)
    {
        var amplitude = zeros(1, 20, 20);
        foreach (var (region, k) in task.Regions.Select((region, k) => (region, k)))
            amplitude[0, region.Top, region.Left] = tensor((float)Math.Sqrt(powers[k]));
        return complex(amplitude, zeros_like(amplitude));
    }
}
