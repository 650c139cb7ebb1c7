using System.Diagnostics;
using NUnit.Framework;

namespace OpticalQAT.Tests.Support.Fuzzing;

/// <summary>A reader tried with many damaged inputs, and what is asked of it: an answer to each, in bounded time and memory.</summary>
internal static class FuzzCheck
{
    private const long MostGrowth = 512L << 20;
    private const int Usual = 1000;

    /// <summary>The number of inputs that each of so many targets gets: a thousand for all, or what OPTICALQAT_FUZZ says.</summary>
    public static int InputsOfEach(int targets) =>
        (int.TryParse(Environment.GetEnvironmentVariable("OPTICALQAT_FUZZ"), out var total) ? total : Usual) / targets;

    /// <summary>Feeds inputs to a reader, states how it did, and fails on whatever is wrong.</summary>
    /// <param name="name">Of the target.</param>
    /// <param name="inputs">How many.</param>
    /// <param name="seeds">Whole inputs.</param>
    /// <param name="words">What the format gives a meaning to.</param>
    /// <param name="damage">Makes a damaged input of a whole one.</param>
    /// <param name="read">Reads an input; true where it was taken for whole.</param>
    /// <param name="isAnswer">Whether an exception is one of those that the reader documents.</param>
    public static void Run(
        string name, int inputs, byte[][] seeds, byte[][] words, Func<Mutator, byte[], byte[]> damage, Func<byte[], bool> read, Func<Exception, bool> isAnswer)
    {
        var run = new FuzzRun(read, isAnswer);
        var clock = Stopwatch.StartNew();
        var before = ResidentMemory.ResetPeak();
        run.Feed(Enumerable.Range(0, inputs).Select(i =>
        {
            var mutator = new Mutator(i, words);
            return damage(mutator, mutator.Pick(seeds));
        }));
        var growth = ResidentMemory.Peak() - before;
        TestContext.Out.WriteLine(
            $"{name}: {inputs} inputs in {clock.Elapsed.TotalSeconds:0.0} s: {run.Refused} refused, {run.Accepted} read, {run.Findings.Count} findings; "
            + $"the slowest took {run.Slowest.TotalMilliseconds:0} ms, the largest {run.Largest / 1024.0 / 1024:0.0} MiB; the process grew by {growth / 1024.0 / 1024:0} MiB");
        foreach (var (_, input) in run.Findings.Take(1))
            File.WriteAllBytes(Path.Combine(TestContext.CurrentContext.WorkDirectory, $"fuzz-{name}.bin"), input);
        // The same problem many times over is one: what is thrown, and where.
        Assert.That(run.Findings.Select(f => string.Join('\n', f.Problem.Split('\n').Take(3))).Distinct(StringComparer.Ordinal).Take(10), Is.Empty);
        Assert.That((run.Refused + run.Accepted, run.Refused > 0), Is.EqualTo((inputs, true)));
        Assert.That(growth, Is.LessThan(MostGrowth));
    }
}
