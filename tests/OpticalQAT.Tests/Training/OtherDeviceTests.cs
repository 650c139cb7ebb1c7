using NUnit.Framework;
using OpticalQAT.Tests.Support;
using OpticalQAT.Training;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Training;

/// <summary>
/// Training on a device that is not the CPU, which is what every GPU is to the code: nothing of the CPU's may meet its tensors,
/// and the results are the same.
/// </summary>
public abstract class OtherDeviceTests
{
    private protected abstract Device Elsewhere { get; }

    private protected static IEnumerable<TestCaseData> Experiments()
    {
        yield return Case("full precision", "quantizer.kind=none");
        foreach (var gradient in (string[])["transmission", "height"])
        {
            yield return Case($"straight_through by {gradient}", $"quantizer.gradient={gradient}");
            yield return Case($"progressive_sigmoid by {gradient}", "quantizer.kind=progressive_sigmoid", $"quantizer.gradient={gradient}");
            yield return Case($"learned_levels by {gradient}", "quantizer.kind=learned_levels", "quantizer.minimum_spacing=1 um", $"quantizer.gradient={gradient}");
        }
        yield return Case("learnt steepness", "quantizer.kind=progressive_sigmoid", "quantizer.learnt={}");
        yield return Case("incremental", "quantizer.kind=incremental", "quantizer.inner={ kind: straight_through }");
        yield return Case("layer by layer", "quantizer.switch_on={kind: layer_by_layer}");
        yield return Case("differential detection", "task.detector={kind: differential_grid, classes: 10, gain: 10, learn_gain: true}");
        yield return Case("read-out", "task.readout={kind: linear}");
        yield return Case("shifted, uneven masks", "perturbation.errors=[{kind: lateral_shift, amount: 0.3 mm}, {kind: height_error, amount: 40 um, correlation_length: 1.5 mm}, {kind: edge_blur, sigma: 0.3 mm}]");
        yield return Case("a wrong set-up", "perturbation.errors=[{kind: axial_error, amount: 0.5 mm}, {kind: tilt, amount: 1 deg}, {kind: wavelength_drift, amount: 0.01}, {kind: pixel_pitch_error, amount: 0.01}]");
        yield return Case("a misplaced object, missing pixels", "perturbation.errors=[{kind: input_misalignment, shift: 0.3 mm}, {kind: dead_pixels, share: 0.05}, {kind: height_scale, amount: 0.02}]");
        yield return Case("phase imaging", "task={kind: phase_imaging, phase_maximum: 180 deg, object_samples: 12, loss: [{ kind: reversed_huber }, { kind: mse }], dataset: { kind: glyphs, train_count: 60, validation_count: 30, test_count: 30 }}");
        yield return Case("clipped gradients, AdamW", "training.quantized.gradient_clip=0.1", "training.quantized.optimizer={kind: adamw, learning_rate: 0.05}");

        static TestCaseData Case(string name, params string[] overrides) => new TestCaseData(arg: overrides).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Experiments))]
    public void Training_there_gives_what_it_gives_on_the_CPU(string[] overrides)
    {
        using var scope = NewDisposeScope();
        var (positions, metrics) = Train(CPU, overrides);
        var (itsPositions, itsMetrics) = Train(Elsewhere, overrides);
        Assert.Multiple(() =>
        {
            Assert.That(Tensors.RelativeError(itsPositions, positions), Is.LessThan(1e-3));
            foreach (var (name, value) in metrics)
                Assert.That(itsMetrics[name], Is.EqualTo(value).Within(1e-3).Percent.Or.EqualTo(value).Within(1e-4), name);
        });
    }

    private static (Tensor Positions, IReadOnlyDictionary<string, double> Metrics) Train(Device device, string[] overrides)
    {
        using var training = new SmallTraining(SmallExperiment.With([.. overrides, "training.quantized.epochs=1"]), device: device);
        training.Run();
        return (training.Network.Masks.PrintedPositions().cpu().clone(), training.Epochs[^1].Validation);
    }
}

/// <summary>On a GPU.</summary>
[RequiresCuda]
public sealed class CudaTrainingTests : OtherDeviceTests
{
    private protected override Device Elsewhere => CUDA;
}

/// <summary>On the stand-in, where it can be counted that no step reads anything back.</summary>
public sealed class StandInTrainingTests : OtherDeviceTests
{
    private const int FirstStep = 2;
    private const int LastStep = 7;

    /// <summary>Operations whose result, or whose result's size, the host waits for.</summary>
    private static readonly string[] Reading = ["_local_scalar_dense", "::equal", "nonzero", "masked_select", "unique"];

    private protected override Device Elsewhere => StandInDevice.Device;

    [OneTimeSetUp]
    public void Is_there_a_stand_in()
    {
        if (StandInDevice.WhyNot is { } reason)
            Assert.Ignore(reason);
    }

    [TestCaseSource(nameof(Experiments))]
    [TestCase(["quantizer.kind=gumbel_softmax"])]
    public void No_step_reads_anything_back(params string[] overrides)
    {
        using var training = new SmallTraining(
            SmallExperiment.With([.. overrides, "training.quantized.epochs=1", "training.batch_size=8"]), device: StandInDevice.Device);
        Dictionary<int, IReadOnlyDictionary<string, long>> after = [];
        training.Run(happened =>
        {
            if (happened is StepDone { Step: (FirstStep or LastStep) and var step })
                after[step] = StandInDevice.Counters();
        });
        var called = after[LastStep].Where(counter => counter.Value > after[FirstStep].GetValueOrDefault(counter.Key)).Select(counter => counter.Key).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(called, Has.Some.Contains("_fft_c2c"), "what is counted");
            Assert.That(called.Where(name => Reading.Any(name.Contains)), Is.Empty);
        });
    }
}
