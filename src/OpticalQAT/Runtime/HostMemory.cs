using System.Globalization;

namespace OpticalQAT.Runtime;

/// <summary>How much memory this process may take.</summary>
internal static class HostMemory
{
    /// <summary>Bytes of the machine's memory, or of the least that a control group above the process allows: a container's, a job's.</summary>
    public static long Bytes { get; } = OperatingSystem.IsLinux()
        ? Of("/proc", "/sys/fs/cgroup") ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes
        : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>The same from the files in which Linux says it; null where they do not.</summary>
    /// <param name="proc">The folder of processes.</param>
    /// <param name="groups">The folder of control groups.</param>
    internal static long? Of(string proc, string groups)
    {
        long?[] all = [Machine(Path.Combine(proc, "meminfo")), .. Groups(Path.Combine(proc, "self", "cgroup"), groups)];
        return all.Min();
    }

    private static long? Machine(string file) => Lines(file)
        .Where(line => line.StartsWith("MemTotal:", StringComparison.Ordinal))
        .Select(line => Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(1)) * 1024)
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
