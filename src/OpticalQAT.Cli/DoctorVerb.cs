using System.CommandLine;
using System.Text.Json;
using OpticalQAT.Formats;
using OpticalQAT.Optics.Fast;
using OpticalQAT.Runtime;

namespace OpticalQAT.Cli;

/// <summary><c>doctor</c>: what this machine offers, and why not more.</summary>
internal static class DoctorVerb
{
    private const double Gibi = 1L << 30;

    public static Command Command()
    {
        var json = CommandLine.Json();
        var command = new Verb("doctor", "Say what this machine offers: libraries, devices, threads, and why CUDA is not used.",
            """
            Exit code 0 when training can run here, 1 when the native libraries do not load.

            Example:
              opticalqat doctor
            """)
        { json };
        command.SetAction(parsed =>
        {
            var report = RuntimeReport.Gather();
            var fastPath = report.LibraryFailure is null ? FastPath() : "not tried: the native libraries do not load";
            if (parsed.GetValue(json))
            {
                var document = JsonSerializer.SerializeToNode(report, Json.Document)!.AsObject();
                document["fast_path"] = fastPath;
                Console.Out.WriteLine(document.ToJsonString(Json.Document));
            }
            else
            {
                Print(report, fastPath);
            }
            return report.LibraryFailure is null ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static void Print(RuntimeReport report, string fastPath)
    {
        Paragraph.PrintRow("OpticalQAT", report.OpticalQat);
        Paragraph.PrintRow(".NET", report.DotNet);
        Paragraph.PrintRow("system", report.OperatingSystem);
        Paragraph.PrintRow("processor", $"{report.Cpu ?? "unknown"}, vectors of {report.SimdBits} bits");
        Paragraph.PrintRow("cores", $"{report.AvailableCores} usable{(report.PhysicalCores is { } physical ? $", {physical} physical" : string.Empty)}; computing with {report.Threads} {(report.Threads == 1 ? "thread" : "threads")}");
        Paragraph.PrintRow("memory", $"{report.MemoryBytes / Gibi:0.0} GiB");
        Paragraph.PrintRow("TorchSharp", report.TorchSharp);
        Paragraph.PrintRow("libtorch", report.LibTorch ?? "unknown");
        if (report.Libraries is { } libraries)
        {
            Paragraph.PrintRow("loaded from", $"{libraries.LibTorchFolder} ({libraries.LibTorchSource})");
            Paragraph.PrintRow("by", libraries.LibTorchSharp);
            if (libraries.CompatibilityNote is { } note)
                Paragraph.PrintRow("note", note);
        }
        if (report.FetchedLibTorch is { } fetched && !string.Equals(fetched, report.Libraries?.LibTorchFolder, StringComparison.Ordinal))
            Paragraph.PrintRow("fetched", $"{fetched} (by setup, not in use)");
        Paragraph.PrintRow("waiting", report.OmpWaitPolicy is { } policy ? $"OMP_WAIT_POLICY={policy}" : "threads sleep while they wait (OMP_WAIT_POLICY is not set, PASSIVE is used)");
        Paragraph.PrintRow("fast path", fastPath);
        Paragraph.PrintRow("CUDA", report.WhyNoCuda is { } why ? $"not used: {why}" : $"used: {string.Join(", ", report.CudaDevices)}");
        if (report.LibraryFailure is { } failure)
            Paragraph.PrintRow("failure", failure);
    }

    /// <summary>The state of the CPU's fast path of propagation on the sizes of the usual grids, after comparing it with torch.</summary>
    private static string FastPath()
    {
        foreach (var size in new[] { 64, 128, 200 })
            FastPropagation.Supports(size, 2 * size, out _);
        return FastPropagation.Status;
    }
}
