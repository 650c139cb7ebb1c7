using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using OpticalQAT.Runtime;
using TorchSharp;

namespace OpticalQAT.Tests.Support;

/// <summary>
/// A device of libtorch's that is not the CPU and needs no hardware: its lazy backend, which keeps tensors as a graph and
/// works them out on the CPU when they are asked for. As on a GPU, its tensors and the CPU's cannot meet in one operation, and
/// what is read back can be counted. A stand-in for CUDA where there is none: it shows whether code is at home on another
/// device, not how fast it is there.
/// </summary>
/// <remarks>Its limits: no gradient of a two-sided clamp, and random numbers that do not follow the generator.</remarks>
internal static unsafe partial class StandInDevice
{
    private const int Lazy = 17; // c10::DeviceType::Lazy, which TorchSharp has no name for
    private const string Initializer = "_ZN5torch4lazy22InitTorchScriptBackendEv";
    private const string Report = "_ZN5torch4lazy18CreateMetricReportB5cxx11Ev";

    private static readonly Lazy<(torch.Device? Device, string? WhyNot)> Started = new(Start);

    /// <summary>The device.</summary>
    public static torch.Device Device => Started.Value.Device!;

    /// <summary>The reason why there is none; null where there is one.</summary>
    public static string? WhyNot => Started.Value.WhyNot;

    /// <summary>The number of calls of each operation so far; those named <c>aten::</c> had no lazy form, and waited for their arguments.</summary>
    public static IReadOnlyDictionary<string, long> Counters()
    {
        // std::string is returned through a pointer: the address of its characters, their number, and 16 bytes more
        var text = stackalloc nint[4];
        if (!NativeRuntime.TryGetExport(Report, out var report))
            throw new EntryPointNotFoundException(Report);
        ((delegate* unmanaged<nint*, void>)report)(text);
        return Counter().Matches(Encoding.UTF8.GetString((byte*)text[0], (int)text[1])).ToDictionary(m => m.Groups["name"].Value, m => long.Parse(m.Groups["value"].Value, null), StringComparer.Ordinal);
    }

    private static (torch.Device? Device, string? WhyNot) Start()
    {
        NativeRuntime.Initialize();
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != System.Runtime.InteropServices.Architecture.X64)
            return (null, "The stand-in for another device is started by its name in libtorch for Linux on x64.");
        if (!NativeRuntime.TryGetExport(Initializer, out var start))
            return (null, "This libtorch has no lazy backend, which stands in for another device.");
        ((delegate* unmanaged<void>)start)();
        return (new torch.Device((DeviceType)Lazy, 0), null);
    }

    [GeneratedRegex(@"Counter: (?<name>\S+)\s+Value: (?<value>\d+)")]
    private static partial Regex Counter();
}
