using System.Runtime.InteropServices;

namespace OpticalQAT.Runtime;

/// <summary>The limits of this process, as <c>ulimit</c> shows them.</summary>
public static class ResourceLimits
{
    /// <summary>The number of files that may be open at once; null where nothing limits them.</summary>
    public static long? OpenFiles => Of(OperatingSystem.IsMacOS() ? 8 : 7); // RLIMIT_NOFILE

    /// <summary>Bytes of address space, libraries and what is merely set aside included; null where nothing limits them.</summary>
    public static long? AddressSpace => Of(OperatingSystem.IsMacOS() ? 5 : 9); // RLIMIT_AS

    private static long? Of(int resource) =>
        !OperatingSystem.IsWindows() && Read(resource, out var limit) == 0 && limit.Soft < long.MaxValue ? (long)limit.Soft : null;

    [DllImport("libc", EntryPoint = "getrlimit")]
    private static extern int Read(int resource, out Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
