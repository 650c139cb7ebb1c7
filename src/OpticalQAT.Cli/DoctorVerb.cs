using System.CommandLine;
using System.Text.Json;
using OpticalQAT.Runtime;
using OpticalQAT.Training;

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
            if (parsed.GetValue(json))
                Console.Out.WriteLine(JsonSerializer.Serialize(report, Json.Document));
            else
                Print(report);
            return report.LibraryFailure is null ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static void Print(RuntimeReport report)
    {
        Row("OpticalQAT", report.OpticalQat);
        Row(".NET", report.DotNet);
        Row("system", report.OperatingSystem);
        Row("processor", $"{report.Cpu ?? "unknown"}, vectors of {report.SimdBits} bits");
        Row("cores", $"{report.AvailableCores} usable{(report.PhysicalCores is { } physical ? $", {physical} physical" : string.Empty)}; computing with {report.Threads} {(report.Threads == 1 ? "thread" : "threads")}");
        Row("memory", $"{report.MemoryBytes / Gibi:0.0} GiB");
        Row("TorchSharp", report.TorchSharp);
        Row("libtorch", report.LibTorch ?? "unknown");
        if (report.Libraries is { } libraries)
        {
            Row("loaded from", $"{libraries.LibTorchFolder} ({libraries.LibTorchSource})");
            Row("by", libraries.LibTorchSharp);
            if (libraries.CompatibilityNote is { } note)
                Row("note", note);
        }
        Row("waiting", report.OmpWaitPolicy is { } policy ? $"OMP_WAIT_POLICY={policy}" : "threads sleep while they wait (OMP_WAIT_POLICY is not set, PASSIVE is used)");
        Row("CUDA", report.WhyNoCuda is { } why ? $"not used: {why}" : $"used: {string.Join(", ", report.CudaDevices)}");
        if (report.LibraryFailure is { } failure)
            Row("failure", failure);
    }

    private static void Row(string name, string value) => Console.Out.WriteLine($"{name,-12} {value}");
}
