using System.Text.Json;
using NUnit.Framework;
using OpticalQAT.Tests.Cli;

namespace OpticalQAT.Tests.Runs;

/// <summary>Runs of the imaging task from the command line to the page, on cells that nothing has to be fetched for.</summary>
public class PhaseImagingRunTests
{
    private const string Task = "task={ kind: phase_imaging, object_samples: 16, dataset: { kind: cells, pixels: 16, train_count: 48, validation_count: 16, test_count: 16 } }";

    [TestCase("model.mask={ modulation: phase }")]
    [TestCase("model={ kind: fourier_filter, focal_length: 5 mm, mask: { modulation: phase, oversampling: 2 } }")]
    public void A_run_says_what_free_space_does_and_shows_the_images(string model)
    {
        using var tiny = new TinyExperiment();
        var result = tiny.Run("train", "tiny.yaml", Task, model, "--json");

        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        using var summary = JsonDocument.Parse(result.Output);
        var root = summary.RootElement;
        foreach (var part in new[] { "test", "free_space" })
        {
            var metrics = root.GetProperty(part);
            Assert.That(metrics.GetProperty("ssim").GetDouble(), Is.InRange(-1, 1));
            Assert.That(metrics.GetProperty("phase_error").GetDouble(), Is.EqualTo(Math.PI * metrics.GetProperty("l1").GetDouble()).Within(1e-9));
        }
        Assert.That(root.GetProperty("levels").EnumerateArray().Select(count => count.GetInt32()), Is.All.EqualTo(4));
        Assert.That(root.GetProperty("full_precision").GetProperty("ssim").GetDouble(), Is.InRange(-1, 1));
        var page = File.ReadAllText(Path.Combine(tiny.Runs.Single(), "report.html"));
        Assert.That(page, Does.Contain(">Ground truth<").And.Contain(">Error<").And.Contain("Free space").And.Contain("SSIM, K = 1e-6"));

        var evaluated = tiny.Run("evaluate", tiny.Runs.Single(), "--json");
        using var evaluation = JsonDocument.Parse(evaluated.Output);
        Assert.That(evaluation.RootElement.GetProperty("metrics").GetProperty("ssim").GetDouble(), Is.EqualTo(root.GetProperty("test").GetProperty("ssim").GetDouble()).Within(1e-6));
    }

    /// <summary>Bad data end with 2 and name the file; nothing is left behind.</summary>
    [Test]
    public void A_set_that_cannot_be_used_is_refused()
    {
        using var tiny = new TinyExperiment();
        var result = tiny.Run("train", "tiny.yaml", Task, "task.dataset={ kind: npy_folder, folder: nosuch }");
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.Contain(Path.Combine("nosuch", "train", "phase")).And.Not.Contain("   at "));
        Assert.That(tiny.Runs, Is.Empty);
    }

    [Test]
    public void Levels_of_an_amplitude_mask_are_refused()
    {
        using var tiny = new TinyExperiment();
        var result = tiny.Run("validate", "tiny.yaml", Task, "model.mask={ modulation: amplitude }");
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Output + result.Errors, Does.Contain("quantizer.levels"));
    }
}
