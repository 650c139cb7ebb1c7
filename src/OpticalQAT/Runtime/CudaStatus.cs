using TorchSharp;

namespace OpticalQAT.Runtime;

/// <summary>The state of CUDA in this process.</summary>
/// <param name="DeviceCount">The number of devices that can compute.</param>
/// <param name="WhyNot">The reason why there is none, as a sentence; null where there is one.</param>
public sealed record CudaStatus(int DeviceCount, string? WhyNot)
{
    /// <summary>Asks libtorch, and the driver where libtorch finds nothing.</summary>
    internal static CudaStatus Query()
    {
        NativeRuntime.Initialize();
        if (torch.cuda.is_available() && torch.cuda.device_count() is > 0 and var count)
            return new(count, null);
        return new(0, Reason(NativeRuntime.Libraries, CudaDriver.Query()));
    }

    /// <summary>The first obstacle between the library and the device, as a sentence.</summary>
    internal static string Reason(NativeLibraries libraries, CudaDriver driver)
    {
        if (!File.Exists(Path.Combine(libraries.LibTorchFolder, LibraryLocator.FileName("torch_cuda"))))
        {
            return libraries.LibTorchSource switch
            {
                NativeLibraries.OfPackage => $"this build is without CUDA; build with -p:TorchBackend=cuda, or point {LibraryLocator.OverrideVariable} at a libtorch {LibraryLocator.LibTorchVersion} with CUDA.",
                NativeLibraries.OfSetup => "the libtorch that 'opticalqat setup' fetched is one without CUDA; 'opticalqat setup --cuda' fetches one with it.",
                _ => $"the libtorch in {libraries.LibTorchFolder} is one without CUDA.",
            };
        }
        return driver.Failure
            ?? (driver.Devices.Count == 0
                ? "the NVIDIA driver reports no device; CUDA_VISIBLE_DEVICES can hide devices."
                : $"libtorch cannot use {driver.Devices[0]} with this driver; the driver may be older than the CUDA that libtorch was built for.");
    }
}
