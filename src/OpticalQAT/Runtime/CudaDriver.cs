using System.Runtime.InteropServices;

namespace OpticalQAT.Runtime;

/// <summary>What the NVIDIA driver says for itself: TorchSharp has no call for a device's name or a failure's reason.</summary>
/// <param name="Devices">The visible devices' names, in CUDA's order.</param>
/// <param name="Failure">Why the driver cannot be asked, as a sentence; null where it answered.</param>
internal sealed record CudaDriver(IReadOnlyList<string> Devices, string? Failure)
{
    private const int NoDevice = 100; // CUDA_ERROR_NO_DEVICE

    private static string File => OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";

    /// <summary>Asks the driver, if there is one.</summary>
    public static CudaDriver Query()
    {
        if (!NativeLibrary.TryLoad(File, out var driver))
            return new([], $"there is no NVIDIA driver here ({File} does not load).");
        return Ask(driver);
    }

    /// <summary>
    /// The bytes that are free on the device that this thread computes on, and those in use by all processes; torch keeps what it
    /// once had. Null where the driver does not tell, and before the thread's first computation there.
    /// </summary>
    public static unsafe (long Free, long InUse)? Memory()
    {
        nuint free, total;
        return NativeLibrary.TryLoad(File, out var driver)
            && NativeLibrary.TryGetExport(driver, "cuMemGetInfo_v2", out var getInfo)
            && ((delegate* unmanaged<nuint*, nuint*, int>)getInfo)(&free, &total) == 0
            ? ((long)free, (long)(total - free))
            : null;
    }

    private static unsafe CudaDriver Ask(nint driver)
    {
        if (!NativeLibrary.TryGetExport(driver, "cuInit", out var init)
            || !NativeLibrary.TryGetExport(driver, "cuDeviceGetCount", out var getCount)
            || !NativeLibrary.TryGetExport(driver, "cuDeviceGet", out var get)
            || !NativeLibrary.TryGetExport(driver, "cuDeviceGetName", out var getName))
            return new([], "the NVIDIA driver lacks functions that every driver has.");

        var result = ((delegate* unmanaged<uint, int>)init)(0);
        if (result == NoDevice)
            return new([], null);
        int count;
        if (result != 0 || (result = ((delegate* unmanaged<int*, int>)getCount)(&count)) != 0)
            return new([], $"the NVIDIA driver does not start (its error {result}).");

        var names = new List<string>();
        var buffer = stackalloc byte[256];
        for (var i = 0; i < count; i++)
        {
            int device;
            var known = ((delegate* unmanaged<int*, int, int>)get)(&device, i) == 0
                && ((delegate* unmanaged<byte*, int, int, int>)getName)(buffer, 256, device) == 0;
            names.Add(known ? Marshal.PtrToStringUTF8((nint)buffer)! : $"CUDA device {i}");
        }
        return new(names, null);
    }
}
