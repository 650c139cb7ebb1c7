using System.Diagnostics;
using System.Globalization;
using TorchSharp;

namespace OpticalQAT.Benchmarks.Comparison;

/// <summary>Peak resident memory, each variant in a process of its own.</summary>
internal static class PeakMemory
{
    private const string Rest = "rest";

    /// <summary>Runs the action and returns the peak resident memory of this process in bytes.</summary>
    public static long OfThisProcess(Action action)
    {
        torch.randn(16, 16).matmul(torch.randn(16, 16)).Dispose();
        action();
        if (File.Exists("/proc/self/status"))
        {
            var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }

        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    /// <summary>Starts this program once for each variant, and once for none; returns the differences, in bytes.</summary>
    public static Dictionary<string, long> AboveRest(IEnumerable<string> variants, ComparisonOptions options)
    {
        var rest = InProcessOfItsOwn(Rest, options);
        return variants.ToDictionary(v => v, v => InProcessOfItsOwn(v, options) - rest, StringComparer.Ordinal);
    }

    private static long InProcessOfItsOwn(string variant, ComparisonOptions options)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.Add(typeof(PeakMemory).Assembly.Location);
        }

        foreach (var argument in (string[])["compare", "--memory-of", variant, "--n", $"{options.Points[0]}", "--layers", $"{options.Layers}", "--batch", $"{options.Batch}", "--padding", $"{options.Padding}", "--threads", $"{options.Threads}"])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return long.Parse(text, CultureInfo.InvariantCulture);
    }
}
