using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OpticalQAT.Benchmarks.Comparison;

/// <summary>Processor and wall time. On a machine that others use, only the first means anything.</summary>
internal static partial class StepClock
{
    private const int ThreadCpuTime = 3;

    /// <summary>Measures one run of an action, in seconds.</summary>
    /// <param name="action">What to run.</param>
    /// <param name="threads">With one, the processor time of this thread; with more, that of the process.</param>
    public static (double Cpu, double Wall) Measure(Action action, int threads)
    {
        var (cpu, wall) = (CpuSeconds(threads), Stopwatch.GetTimestamp());
        action();
        return (CpuSeconds(threads) - cpu, Stopwatch.GetElapsedTime(wall).TotalSeconds);
    }

    /// <summary>Processor seconds so far: of this thread where there is one, else of the process.</summary>
    public static double CpuSeconds(int threads)
    {
        if (threads == 1 && OperatingSystem.IsLinux() && GetTime(ThreadCpuTime, out var time) == 0)
        {
            return time.Seconds + (time.Nanoseconds * 1e-9);
        }

        return Environment.CpuUsage.TotalTime.TotalSeconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
