using System.Diagnostics;
using System.Globalization;
using TorchSharp;

namespace OpticalQAT.Benchmarks.Comparison;

/// <summary>The memory and time of a variant in a process of its own, where nobody else's memory lies about.</summary>
/// <param name="PeakBytes">Peak resident memory above that of a resting process.</param>
/// <param name="CpuSeconds">Median processor time of a step.</param>
internal sealed record AloneResult(long PeakBytes, double CpuSeconds);

/// <summary>Peak resident memory and time, each variant in a process of its own.</summary>
internal static class PeakMemory
{
    private const string Rest = "rest";

    /// <summary>Runs the action and returns the peak resident memory of this process in bytes, and behind it what the action returns.</summary>
    public static string OfThisProcess(Func<double> action)
    {
        torch.randn(16, 16).matmul(torch.randn(16, 16)).Dispose();
        var seconds = action();
        return string.Create(CultureInfo.InvariantCulture, $"{Bytes()} {seconds:R}");
    }

    private static long Bytes()
    {
        if (File.Exists("/proc/self/status"))
        {
            var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }

        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    /// <summary>Starts this program once for each variant, and once for none; the memory is the difference.</summary>
    public static Dictionary<string, AloneResult> AboveRest(IEnumerable<string> variants, ComparisonOptions options)
    {
        var rest = InProcessOfItsOwn(Rest, options).PeakBytes;
        return variants.ToDictionary(v => v, Above, StringComparer.Ordinal);

        AloneResult Above(string variant)
        {
            var alone = InProcessOfItsOwn(variant, options);
            return alone with { PeakBytes = alone.PeakBytes - rest };
        }
    }

    private static AloneResult InProcessOfItsOwn(string variant, ComparisonOptions options)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.Add(typeof(PeakMemory).Assembly.Location);
        }

        foreach (var argument in (string[])["compare", "--memory-of", variant, "--n", $"{options.Points[0]}", "--layers", $"{options.Layers}", "--batch", $"{options.Batch}", "--padding", $"{options.Padding}", "--threads", $"{options.Threads}", "--repeats", $"{options.Repeats}"])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var parts = text.Split(' ');
        return new(long.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture));
    }
}
