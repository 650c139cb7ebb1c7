using System.Globalization;

namespace OpticalQAT.Runtime;

/// <summary>The memory of the machine, and what this process may still take of it.</summary>
public static class HostMemory
{
    private const double Gibi = 1L << 30;

    /// <summary>Bytes that the machine has, or as many as its container may use.</summary>
    public static long Total => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Bytes that nobody uses, or only keeps files in that lie on the disk as well.</summary>
    public static long Free => Math.Min(Total, Kilobytes("/proc/meminfo", "MemAvailable:") ?? Total - GC.GetGCMemoryInfo().MemoryLoadBytes);

    /// <summary>Bytes of address space that the limit <c>ulimit -v</c> leaves; null where there is no such limit.</summary>
    public static long? AddressSpaceLeft =>
        ResourceLimits.AddressSpace is { } limit && Kilobytes("/proc/self/status", "VmSize:") is { } used ? Math.Max(0, limit - used) : null;

    /// <summary>What there is, as the end of a sentence: <c>there are 23.4 GiB, 2.1 GiB of them free</c>.</summary>
    public static string Words
    {
        get
        {
            var limit = ResourceLimits.AddressSpace is { } space ? $", and the process may take {InGibi(space)} of addresses (ulimit -v), libraries included" : string.Empty;
            return $"there are {InGibi(Total)}, {InGibi(Free)} of them free{limit}";
        }
    }

    /// <summary>Bytes with two significant digits at least: <c>0.25 GiB</c>, <c>23.4 GiB</c>.</summary>
    public static string InGibi(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / Gibi:0.0#} GiB");

    /// <summary>A line such as <c>VmSize:   123456 kB</c>, in bytes; null where the system has none.</summary>
    private static long? Kilobytes(string file, string name)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var line = File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.TryParse(line?[name.Length..].Replace("kB", string.Empty, StringComparison.Ordinal), CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes << 10 : null;
    }
}
