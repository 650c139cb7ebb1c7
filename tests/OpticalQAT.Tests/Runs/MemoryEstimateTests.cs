using System.Diagnostics;
using NUnit.Framework;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Support;

namespace OpticalQAT.Tests.Runs;

/// <summary>The memory of a run, before it takes it.</summary>
public sealed class MemoryEstimateTests
{
    private const long Gibi = 1L << 30;

    private static readonly ExampleCounts Many = new(60_000, 5_000, 10_000);

    [Test]
    public void A_batch_that_is_too_large_is_refused_with_the_largest_that_fits()
    {
        var experiment = SmallExperiment.With("optics.grid.size=512", "training.batch_size=4096");
        var misfit = MemoryEstimate.Of(experiment, null, 4096, 8 * Gibi, isOnCpu: true).Misfit(experiment, null);

        Assert.That(misfit, Is.Not.Null);
        Assert.That((misfit!.IsError, misfit.Key), Is.EqualTo((true, "training.batch_size")));
        Assert.That(misfit.Message, Does.Match(@"^the run would take about [\d.]+ GiB of memory, and this process has 8\.0 GiB: [\d.]+ GiB to work in with batches of 4096, \d+ MiB for masks and transfer functions, 400 MiB for the program; training\.batch_size=\d+ would fit$"));
        var fitting = int.Parse(misfit.Message.Split("batch_size=")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.That(Total(fitting), Is.LessThanOrEqualTo(8 * Gibi));
        Assert.That(Total(fitting + 1), Is.GreaterThan(8 * Gibi));

        long Total(int batchSize) => MemoryEstimate.Of(experiment, null, batchSize, 8 * Gibi, isOnCpu: true).Total;
    }

    /// <summary>Four splits that each fit alone would together be more than there is.</summary>
    [Test]
    public void All_splits_together_keep_to_the_share_set_aside()
    {
        var experiment = SmallExperiment.With("optics.grid.size=64");
        var limit = 60_000L * 64 * 64 * 8 + 1000;

        Assert.That(MemoryEstimate.Kept(experiment, Many, limit), Is.EqualTo((long?[])[60_000L * 64 * 64 * 8, null, null, null]));
        Assert.That(MemoryEstimate.Kept(experiment, Many, long.MaxValue), Has.None.Null);
        Assert.That(MemoryEstimate.Kept(experiment, Many, 0), Has.All.Null);
        Assert.That(MemoryEstimate.Of(experiment, Many, 64, 8 * Gibi, isOnCpu: true).Fields, Is.LessThanOrEqualTo(DatasetFields.ShareOf(8 * Gibi)));
    }

    [Test]
    public void What_is_asked_for_at_the_largest_sizes_overflows_nowhere()
    {
        var experiment = SmallExperiment.With("optics.grid={ size: 16384, pixel_pitch: 0.75 mm, padding: 16 }", "model.layers=1000", "training.batch_size=1000000", "quantizer={ kind: gumbel_softmax, levels: { kind: cyclic, count: 65536 } }");
        var estimate = MemoryEstimate.Of(experiment, null, int.MaxValue, 8 * Gibi, isOnCpu: false);

        Assert.That(estimate.Total, Is.GreaterThan(1000 * Gibi));
        Assert.That(estimate.Misfit(experiment, null)!.Message, Does.Contain("choose a smaller optics.grid.size than 16384, or fewer layers"));
    }

    /// <summary>The fast path's code is vectors through and through: without the compiler's optimization it is some fifty times slower, and minutes become a day.</summary>
    [Test]
    public void The_library_is_optimized_in_every_configuration() =>
        Assert.That(typeof(Experiment).Assembly.GetCustomAttributes(typeof(DebuggableAttribute), inherit: false).Cast<DebuggableAttribute>().Any(attribute => attribute.IsJITOptimizerDisabled), Is.False);
}
