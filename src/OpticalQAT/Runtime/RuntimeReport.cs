using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;

namespace OpticalQAT.Runtime;

/// <summary>The state of this machine and what is in use of it, as plain data.</summary>
public sealed record RuntimeReport
{
    /// <summary>The version of OpticalQAT, with the commit where the build knows it.</summary>
    public required string OpticalQat { get; init; }
    /// <summary>The .NET runtime, e.g. <c>.NET 10.0.1</c>.</summary>
    public required string DotNet { get; init; }
    /// <summary>The operating system and its architecture.</summary>
    public required string OperatingSystem { get; init; }
    /// <summary>The processor's name; null where the system does not tell.</summary>
    public string? Cpu { get; init; }
    /// <summary>The logical processors that this process may use.</summary>
    public required int AvailableCores { get; init; }
    /// <summary>The machine's physical cores; null where the system does not tell.</summary>
    public int? PhysicalCores { get; init; }
    /// <summary>The widest vectors that are computed with in hardware, in bits.</summary>
    public required int SimdBits { get; init; }
    /// <summary>The memory that this process may use, a container's limit included, in bytes.</summary>
    public required long MemoryBytes { get; init; }
    /// <summary>The version of TorchSharp.</summary>
    public required string TorchSharp { get; init; }
    /// <summary>The version of libtorch; null where a libtorch from elsewhere does not tell.</summary>
    public string? LibTorch { get; init; }
    /// <summary>The native libraries that are loaded, and from where; null where they do not load.</summary>
    public NativeLibraries? Libraries { get; init; }
    /// <summary>The folder of the libtorch that the verb <c>setup</c> fetched, in use or not; null where it fetched none.</summary>
    public string? FetchedLibTorch { get; init; }
    /// <summary>The reason why the native libraries do not load; null where they do.</summary>
    public string? LibraryFailure { get; init; }
    /// <summary>The behaviour of threads that wait for others: spin (<c>ACTIVE</c>) or sleep (<c>PASSIVE</c>).</summary>
    public string? OmpWaitPolicy { get; init; }
    /// <summary>The threads that a run computes with unless told otherwise.</summary>
    public required int Threads { get; init; }
    /// <summary>The CUDA devices that can be computed on, by name.</summary>
    public required IReadOnlyList<string> CudaDevices { get; init; }
    /// <summary>The reason why CUDA is not used; null where it is.</summary>
    public string? WhyNoCuda { get; init; }

    /// <summary>Looks at the machine. A library that does not load is part of the report, not an error.</summary>
    public static RuntimeReport Gather()
    {
        var (libraries, failure) = TryLoad();
        var driver = CudaDriver.Query();
        var cuda = libraries is null ? new CudaStatus(0, "the native libraries do not load.") : CudaStatus.Query();
        return new RuntimeReport
        {
            OpticalQat = VersionOf(typeof(RuntimeReport).Assembly),
            DotNet = RuntimeInformation.FrameworkDescription,
            OperatingSystem = $"{RuntimeInformation.OSDescription} ({RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()})",
            Cpu = CpuName(),
            AvailableCores = Environment.ProcessorCount,
            PhysicalCores = Runtime.Threads.PhysicalCores(),
            SimdBits = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0,
            MemoryBytes = HostMemory.Bytes,
            TorchSharp = VersionOf(typeof(torch).Assembly),
            LibTorch = libraries is null ? null : LibTorchVersion(libraries),
            Libraries = libraries,
            FetchedLibTorch = Runtime.FetchedLibTorch.Find(),
            LibraryFailure = failure,
            OmpWaitPolicy = Environment.GetEnvironmentVariable("OMP_WAIT_POLICY"),
            Threads = Runtime.Threads.Default(),
            CudaDevices = cuda.WhyNot is null ? [.. driver.Devices.Take(cuda.DeviceCount)] : [],
            WhyNoCuda = cuda.WhyNot,
        };
    }

    private static (NativeLibraries? Libraries, string? Failure) TryLoad()
    {
        try
        {
            return (NativeRuntime.Libraries, null);
        }
        catch (NativeRuntimeException e)
        {
            return (null, e.Message);
        }
    }

    // A libtorch download says its version in a file beside its lib folder; TorchSharp only knows what it was built for.
    private static string? LibTorchVersion(NativeLibraries libraries)
    {
        if (libraries.LibTorchSource is NativeLibraries.OfPackage)
            return torch.__version__;
        if (libraries.LibTorchSource is NativeLibraries.OfSetup)
            return Runtime.FetchedLibTorch.Version;
        var file = Path.Combine(libraries.LibTorchFolder, "..", "build-version");
        return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    }

    private static string? CpuName()
    {
        const string File = "/proc/cpuinfo";
        if (!System.IO.File.Exists(File))
            return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        var line = System.IO.File.ReadLines(File).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal));
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }

    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? assembly.GetName().Version?.ToString() ?? "unknown";
}
