using NUnit.Framework;
using OpticalQAT.Runtime;
using TorchSharp;

namespace OpticalQAT.Tests.Cli;

/// <summary>A sentence says, where memory runs out, what was wanted, what the experiment takes and what there is.</summary>
public sealed class MemoryTests
{
    [Test]
    public void What_libtorch_says_is_understood()
    {
        var failure = Assert.Catch(() => torch.empty(1L << 50, torch.ScalarType.Byte))!;
        Assert.That(MemoryShortage.Caused(failure));
        Assert.That(MemoryShortage.Words(failure), Is.EqualTo("The memory is not enough: 1048576.0 GiB more were asked for, and were not to be had."));
        Assert.That(MemoryShortage.Caused(new InvalidOperationException("in the backward pass", failure)));
    }

    [TestCase("CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 79.11 GiB of which 1.2 GiB is free.", "The memory of the GPU is not enough: 20.00 GiB more were asked for, and were not to be had.")]
    [TestCase("CUDA error: out of memory", "The memory of the GPU is not enough.")]
    [TestCase("std::bad_alloc", "The memory is not enough.")]
    public void What_others_say_is_understood(string message, string expected)
    {
        var failure = new System.Runtime.InteropServices.ExternalException(message);
        Assert.That(MemoryShortage.Caused(failure));
        Assert.That(MemoryShortage.Words(failure), Is.EqualTo(expected));
    }

    [Test]
    public void What_NET_says_is_understood_and_nothing_else_is()
    {
        Assert.That(MemoryShortage.Words(new AggregateException(new OutOfMemoryException())), Is.EqualTo("The memory is not enough."));
        Assert.That(MemoryShortage.Caused(new InvalidOperationException("The gradients could not be computed")), Is.False);
    }

    [Test]
    [Platform("Linux")]
    public void A_run_that_does_not_get_its_memory_says_what_it_takes_and_what_there_is()
    {
        using var tiny = new TinyExperiment();
        var result = CommandResult.InShell(tiny.Folder, "ulimit -v 8000000; exec \"$@\"", "train", "tiny.yaml", "optics.grid.size=512", "task.dataset.validation_count=2000");
        Assert.That(result.ExitCode, Is.EqualTo(1), result.Errors);
        Assert.That(result.Errors.Split('\n')[^2], Does.Match(
            @"^The memory is not enough: [0-9.]+ GiB more were asked for, and were not to be had\. This experiment takes up to [0-9.]+ GiB to work in, beside [0-9.]+ GiB for its examples as fields and about 0\.4 GiB for the program; "
            + @"there are [0-9.]+ GiB, [0-9.]+ GiB of them free, and the process may take 7\.63 GiB of addresses \(ulimit -v\), libraries included\. A smaller training\.batch_size, optics\.grid\.size or optics\.grid\.padding takes less\. "
            + @"What was written before is whole: where there is more memory, resume the run with --resume .*/runs/tiny/.*$"));
        Assert.That(result.Errors, Does.Not.Contain("frame #").And.Not.Contain("   at "));
    }

    [Test]
    [Platform("Linux")]
    public void Too_few_addresses_are_said_before_anything_is_begun()
    {
        using var tiny = new TinyExperiment();
        var result = CommandResult.InShell(tiny.Folder, "ulimit -v 4000000; exec \"$@\"", "train", "tiny.yaml");
        Assert.That(result.ExitCode, Is.EqualTo(1), result.Errors);
        Assert.That(result.Errors, Does.Match(@"^This process may take 3\.81 GiB of addresses \(ulimit -v\), and once the libraries are loaded [0-9.]+ GiB of them are left, too little to compute in\. Raise the limit with ulimit -v unlimited; what a job may use is better limited by its memory\.\n$"));
        Assert.That(tiny.Runs, Is.Empty);
    }
}
