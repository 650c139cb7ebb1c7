using NUnit.Framework;
using OpticalQAT.Configuration;

namespace OpticalQAT.Tests.Cli;

/// <summary>The verbs that look and change nothing: <c>validate</c>, <c>kinds</c>, <c>doctor</c>, and help.</summary>
public sealed class LookingVerbsTests
{
    private TinyExperiment _tiny = null!;

    [OneTimeSetUp]
    public void MakeFolder() => _tiny = new TinyExperiment();

    [OneTimeTearDown]
    public void Remove() => _tiny.Dispose();

    [Test]
    public void ValidateSaysWhatIsKnownBeforehand()
    {
        var document = _tiny.Run("validate", "tiny.yaml", "--json").Json;

        Assert.That(document.GetProperty("is_valid").GetBoolean());
        // One wave is λ/(n-1) = 0.75 mm / 0.7227 high; four cyclic levels stand a quarter of it apart.
        Assert.That(document.GetProperty("one_wave_um").GetDouble(), Is.EqualTo(750 / 0.7227).Within(1e-5));
        Assert.That(document.GetProperty("levels_um")[3].GetDouble(), Is.EqualTo(750 / 0.7227 * 3 / 4).Within(1e-5));
        Assert.That(document.GetProperty("propagation")[0].GetProperty("wavelengths").GetDouble(), Is.EqualTo(16).Within(1e-9));
        Assert.That(document.GetProperty("examples").GetProperty("train").GetInt32(), Is.EqualTo(64));
        var estimate = document.GetProperty("estimate");
        // Train, validation and test examples, and the validation examples once more for rounding: 8 bytes for each of 32² samples.
        Assert.That(estimate.GetProperty("field_bytes").GetInt64(), Is.EqualTo((64 + 20 + 30 + 20) * 32 * 32 * 8));
        Assert.That(estimate.GetProperty("steps").GetInt64(), Is.EqualTo(8));
        Assert.That(estimate.GetProperty("seconds").GetDouble(), Is.GreaterThan(8 * Math.Min(
            estimate.GetProperty("full_precision_step_seconds").GetDouble(), estimate.GetProperty("quantized_step_seconds").GetDouble())));
    }

    /// <summary>In samples and as lengths, whichever of the two was asked for.</summary>
    [Test]
    public void ValidateSaysHowWideEverythingIs()
    {
        var document = _tiny.Run("validate", "tiny.yaml", "model.mask={ material_index: 1.7227, size: 18 mm, oversampling: 2, outside: transparent }",
            "task.encoding={ kind: amplitude, size: 9 mm, position: { x: 3 mm }, aperture: { size: 12 mm, shape: round } }", "task.detector.region_size=3 mm", "--json").Json;

        Assert.That(document.GetProperty("sizes").EnumerateArray().Select(size => string.Join(" | ",
            size.GetProperty("what").GetString(), size.GetProperty("samples").GetInt32(), size.GetProperty("length").GetString(), size.GetProperty("remark").GetString())), Is.EqualTo((string[])
        [
            "plane | 32 | 24 mm | samples of 0.75 mm, padded to 64",
            "mask | 24 | 18 mm | 12 printed pixels of 1.5 mm a side, in the middle of the plane, transparent outside",
            "object | 12 | 9 mm | columns 14 to 25, rows 10 to 21",
            "aperture | 16 | 12 mm | round, in the input plane",
            "detector | 26 | 19.5 mm | 10 regions of 4×4 samples, 3 mm by 3 mm",
        ]));
    }

    [Test]
    public void ValidateTakesAMissingDatasetForAWarning()
    {
        var result = _tiny.Run("validate", "tiny.yaml", "task.dataset={ kind: mnist, folder: nosuch }", "optics.propagator.kind=angular_spectrum", "model.spacing.between=3 m");

        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Output, Does.Contain("task.dataset: There is no folder").And.Contain("not fully sampled").And.Contain("kernel aliases"));
    }

    [Test]
    public void ValidateStatesTheSeamOfACircleThatDoesNotCloseAndTheCostOfManyLogits()
    {
        var result = _tiny.Run("validate", "tiny.yaml", "model.mask.extinction=0.01", "quantizer={ kind: gumbel_softmax, levels: { kind: cyclic, count: 256 } }");

        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Output, Does.Contain("the circle does not close").And.Contain("gumbel_softmax keeps a logit"));
    }

    [Test]
    public void ValidateListsTheLevelsOfEachLayer()
    {
        var document = _tiny.Run("validate", "tiny.yaml", "--json", "quantizer.levels={ kind: per_layer, default: { kind: cyclic, count: 3 }, layers: [ { which: \"2\", levels: { kind: cyclic, count: 2 } } ] }").Json;

        Assert.That(document.GetProperty("levels_um_of_layers").EnumerateArray().Select(levels => levels.GetArrayLength()), Is.EqualTo((int[])[3, 2]));
    }

    [Test]
    public void ValidateExitsWith2WhereItCannotRun()
    {
        var result = _tiny.Run("validate", "tiny.yaml", "model.mask.oversampling=5", "model.mask.material_index=1");

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Output, Does.Contain("model.mask.oversampling").And.Contain("model.mask.material_index"));
    }

    [Test]
    public void KindsListsEveryKindOfTheCatalogue_WithoutLibTorch()
    {
        var result = CommandResult.WithoutLibTorch(_tiny.Folder, "kinds", "--json");

        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        var listed = result.Json.EnumerateArray()
            .SelectMany(family => family.GetProperty("kinds").EnumerateArray().Select(kind => $"{family.GetProperty("name")} {kind.GetProperty("name")}"));
        var known = new Catalogue(typeof(Experiment).Assembly).Families.SelectMany(family => family.Kinds.Select(kind => $"{family.Name} {kind.Name}"));
        Assert.That(listed.Where(kind => !kind.StartsWith("experiment", StringComparison.Ordinal)), Is.EqualTo(known));
    }

    [Test]
    public void KindsShowsKeysWithBoundsAndDefaultsInNarrowLines()
    {
        var result = CommandResult.WithoutLibTorch(_tiny.Folder, "kinds", "levels");

        Assert.That(result.Output, Does.Contain("kind: cyclic").And.Contain("count: integer, at least 2, at most 65536; required"));
        Assert.That(result.Output.Split('\n').Select(line => line.Length), Is.All.LessThanOrEqualTo(100));
    }

    [Test]
    public void HelpOfEveryVerbEndsWithExamples([Values("train", "evaluate", "quantize", "validate", "kinds", "doctor")] string verb)
    {
        var result = CommandResult.WithoutLibTorch(_tiny.Folder, verb, "--help");

        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Errors, Is.Empty);
        Assert.That(result.Output, Does.Contain($"opticalqat {verb}").And.Contain("Example"));
    }

    [Test]
    public void DoctorSaysWhetherCudaIsUsed()
    {
        var report = _tiny.Run("doctor");
        var document = _tiny.Run("doctor", "--json");

        Assert.That(report.ExitCode, Is.Zero, report.Errors);
        Assert.That(report.Output, Does.Match("(?m)^CUDA +(used|not used): "));
        Assert.That(document.Json.GetProperty("libraries").GetProperty("lib_torch_folder").GetString(), Is.Not.Empty);
    }

    [Test]
    public void DoctorExitsWith1WhereTheLibrariesDoNotLoad()
    {
        var report = CommandResult.WithoutLibTorch(_tiny.Folder, "doctor");

        Assert.That(report.ExitCode, Is.EqualTo(1));
        Assert.That(report.Output, Does.Contain("no-such-folder"));
    }
}
