using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text.Json;
using OpticalQAT.Benchmarks.Comparison;
using OpticalQAT.Formats;
using OpticalQAT.Optics.Fast;
using TorchSharp;

namespace OpticalQAT.Benchmarks.Threading;

/// <summary>Wall time of one piece of work for a number of threads.</summary>
/// <param name="Work">What was done.</param>
/// <param name="Threads">Threads that shared it.</param>
/// <param name="Milliseconds">The quickest of the rounds: what the machine can do when nobody disturbs it.</param>
/// <param name="Gain">The time of one thread over this.</param>
internal sealed record ThreadResult(string Work, int Threads, double Milliseconds, double Gain);

/// <summary>
/// The gain of more threads, and beside it the most that they can bring on this machine: "cores" that are two threads of one
/// share its arithmetic units, and all cores share the memory.
/// </summary>
internal static class ThreadProgram
{
    private const int Rounds = 25;
    private const long Additions = 1 << 24;

    public static int Run(TextWriter output, int threads, bool json)
    {
        var workload = new Workload(Points: 64, Padded: 128, Layers: 4, Batch: 64, threads);
        using var transfer = workload.TransferFunction();
        var kernel = TransferKernel.Create(transfer, workload.Points);
        var stack = new FastStack([.. Enumerable.Repeat(kernel, workload.Layers)]);
        var (fields, masks) = (workload.Fields(), torch.polar(torch.ones(4, 64, 64), torch.rand(4, 64, 64)).requires_grad_());
        var gradient = torch.randn(64, 64, 64, dtype: torch.ScalarType.ComplexFloat32);
        var memory = new float[threads][];
        for (var w = 0; w < threads; w++)
        {
            memory[w] = new float[(256 << 20) / sizeof(float) / threads];
            Array.Fill(memory[w], 1f); // what was never written is one and the same page of zeros
        }

        var results = new List<ThreadResult>();
        results.AddRange(Measure("the stack, forward and backward", threads, count =>
        {
            using var scope = torch.NewDisposeScope();
            stack.Threads = count;
            masks.grad?.zero_();
            stack.Forward(fields, masks).backward([gradient]);
        }));
        results.AddRange(Measure("arithmetic in registers", threads, count => Share(count, w => Multiply(Additions / count, w))));
        results.AddRange(Measure("reading memory", threads, count => Share(count, w =>
        {
            for (var part = w * threads / count; part < (w + 1) * threads / count; part++)
                _ = Sum(memory[part]);
        })));
        if (json)
            output.WriteLine(JsonSerializer.Serialize(results, Json.Document));
        else
            Print(output, results);
        return 0;
    }

    private static IEnumerable<ThreadResult> Measure(string work, int threads, Action<int> run)
    {
        var best = new double[threads + 1];
        Array.Fill(best, double.PositiveInfinity);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var count in (int[])[1, threads])
            {
                var clock = Stopwatch.StartNew();
                run(count);
                best[count] = Math.Min(best[count], clock.Elapsed.TotalMilliseconds);
            }
        }
        return ((int[])[1, threads]).Select(count => new ThreadResult(work, count, best[count], best[1] / best[count]));
    }

    private static void Share(int threads, Action<int> work)
    {
        if (threads == 1)
            work(0);
        else
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, work);
    }

    /// <summary>Eight independent chains of fused multiplications and additions: as many as keep two units busy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Multiply(long count, float start)
    {
        var (x, y) = (Vector512.Create(0.999f), Vector512.Create(start));
        var (a, b, c, d) = (y, y + x, y - x, y * x);
        var (e, f, g, h) = (a + x, b + x, c + x, d + x);
        for (var i = 0L; i < count; i += 8)
        {
            a = Vector512.MultiplyAddEstimate(a, x, y);
            b = Vector512.MultiplyAddEstimate(b, x, y);
            c = Vector512.MultiplyAddEstimate(c, x, y);
            d = Vector512.MultiplyAddEstimate(d, x, y);
            e = Vector512.MultiplyAddEstimate(e, x, y);
            f = Vector512.MultiplyAddEstimate(f, x, y);
            g = Vector512.MultiplyAddEstimate(g, x, y);
            h = Vector512.MultiplyAddEstimate(h, x, y);
        }
        return Vector512.Sum(a + b + c + d + e + f + g + h);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Sum(float[] values)
    {
        var (a, b) = (Vector512<float>.Zero, Vector512<float>.Zero);
        for (var i = 0; i + 32 <= values.Length; i += 32)
        {
            a += Vector512.Create<float>(values.AsSpan(i));
            b += Vector512.Create<float>(values.AsSpan(i + 16));
        }
        return Vector512.Sum(a + b);
    }

    private static void Print(TextWriter output, IEnumerable<ThreadResult> results)
    {
        output.WriteLine("wall time, the quickest of 25 rounds      threads         ms   gain");
        foreach (var result in results)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Work,-40} {result.Threads,8} {result.Milliseconds,10:0.00} {result.Gain,6:0.00}"));
    }
}
