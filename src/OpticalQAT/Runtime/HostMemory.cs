using System.Globalization;

namespace OpticalQAT.Runtime;

/// <summary>The memory of the machine, and what this process may still take of it.</summary>
public static class HostMemory
{
    private const double Gibi = 1L << 30;

    /// <summary>Bytes of the machine's memory, or of the least that a control group above the process allows: a container's, a job's.</summary>
    public static long Bytes { get; } = OperatingSystem.IsLinux()
        ? Of("/proc", "/sys/fs/cgroup") ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes
        : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Bytes that nobody uses, or only keeps files in that lie on the disk as well.</summary>
    public static long Free => Math.Min(Bytes, Kilobytes("/proc/meminfo", "MemAvailable:") ?? Bytes - GC.GetGCMemoryInfo().MemoryLoadBytes);

    /// <summary>Bytes of address space that the limit <c>ulimit -v</c> leaves; null where there is no such limit.</summary>
    public static long? AddressSpaceLeft =>
        ResourceLimits.AddressSpace is { } limit && Kilobytes("/proc/self/status", "VmSize:") is { } used ? Math.Max(0, limit - used) : null;

    /// <summary>The memory of this machine, as the end of a sentence: <c>there are 23.4 GiB, 2.1 GiB of them free</c>.</summary>
    public static string Words
    {
        get
        {
            var limit = ResourceLimits.AddressSpace is { } space ? $", and the process may take {InGibi(space)} of addresses (ulimit -v), libraries included" : string.Empty;
            return $"there are {InGibi(Bytes)}, {InGibi(Free)} of them free{limit}";
        }
    }

    /// <summary>Bytes with two significant digits at least: <c>0.25 GiB</c>, <c>23.4 GiB</c>.</summary>
    public static string InGibi(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / Gibi:0.0#} GiB");

    /// <summary>The same from the files in which Linux says it; null where they do not.</summary>
    /// <param name="proc">The folder of processes.</param>
    /// <param name="groups">The folder of control groups.</param>
    internal static long? Of(string proc, string groups)
    {
        long?[] all = [Machine(Path.Combine(proc, "meminfo")), .. Groups(Path.Combine(proc, "self", "cgroup"), groups)];
        return all.Min();
    }

    private static long? Machine(string file) => Kilobytes(file, "MemTotal:");

    /// <summary>A line such as <c>VmSize:   123456 kB</c>, in bytes; null where the system has none.</summary>
    private static long? Kilobytes(string file, string name) => Lines(file)
        .Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Select(line => Number(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(1)) * 1024)
        .FirstOrDefault();

    // "0::/a/b" of version 2, "5:memory:/a/b" of version 1. A limit may stand at any level, and inside a container only at the top.
    private static IEnumerable<long?> Groups(string file, string groups)
    {
        foreach (var parts in Lines(file).Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3))
        {
            var isSecond = parts[1].Length == 0;
            if (!isSecond && !parts[1].Split(',').Contains("memory", StringComparer.Ordinal))
                continue;
            var top = isSecond ? groups : Path.Combine(groups, "memory");
            for (var path = parts[2].Trim('/'); ; path = Path.GetDirectoryName(path) ?? string.Empty)
            {
                yield return Number(Lines(Path.Combine(top, path, isSecond ? "memory.max" : "memory.limit_in_bytes")).FirstOrDefault());
                if (path.Length == 0)
                    break;
            }
        }
    }

    // "max" is no number, and no limit.
    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string[] Lines(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllLines(file) : [];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
