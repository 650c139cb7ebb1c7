using System.Runtime.InteropServices;
using System.Text;

namespace OpticalQAT.Runtime;

/// <summary>The NVIDIA driver's own answers: TorchSharp has no call for a device's name or a failure's reason.</summary>
/// <param name="Devices">The visible devices' names, in CUDA's order.</param>
/// <param name="Failure">The reason why the driver cannot be asked, as a sentence; null where it answered.</param>
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
    public static (long Free, long InUse)? Memory() =>
        NativeLibrary.TryLoad(File, out var driver)
        && Find<MemoryInfo>(driver, "cuMemGetInfo_v2") is { } getInfo
        && getInfo(out var free, out var total) == 0
            ? ((long)free, (long)(total - free))
            : null;

    private static CudaDriver Ask(nint driver)
    {
        if (Find<Init>(driver, "cuInit") is not { } init
            || Find<DeviceCount>(driver, "cuDeviceGetCount") is not { } getCount
            || Find<DeviceOf>(driver, "cuDeviceGet") is not { } get
            || Find<DeviceName>(driver, "cuDeviceGetName") is not { } getName)
            return new([], "the NVIDIA driver lacks functions that every driver has.");

        var result = init(0);
        if (result == NoDevice)
            return new([], null);
        var count = 0;
        if (result != 0 || (result = getCount(out count)) != 0)
            return new([], $"the NVIDIA driver does not start (its error {result}).");

        var names = new List<string>();
        var buffer = new byte[256];
        for (var i = 0; i < count; i++)
        {
            var known = get(out var device, i) == 0 && getName(buffer, buffer.Length, device) == 0;
            names.Add(known ? Encoding.UTF8.GetString(buffer, 0, Math.Max(Array.IndexOf(buffer, (byte)0), 0)) : $"CUDA device {i}");
        }
        return new(names, null);
    }

    private static T? Find<T>(nint driver, string name)
        where T : Delegate => NativeLibrary.TryGetExport(driver, name, out var address) ? Marshal.GetDelegateForFunctionPointer<T>(address) : null;

    private delegate int Init(uint flags);

    private delegate int DeviceCount(out int count);

    private delegate int DeviceOf(out int device, int ordinal);

    private delegate int DeviceName([Out] byte[] name, int length, int device);

    private delegate int MemoryInfo(out nuint free, out nuint total);
}
