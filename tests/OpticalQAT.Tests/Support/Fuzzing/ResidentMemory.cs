namespace OpticalQAT.Tests.Support.Fuzzing;

/// <summary>The memory that this process has in the machine, in bytes, what native libraries take included; 0 where the system does not tell.</summary>
internal static class ResidentMemory
{
    private const string Status = "/proc/self/status";

    /// <summary>The most since it was reset.</summary>
    public static long Peak() => Read("VmHWM:");

    /// <summary>Forgets the most that there was.</summary>
    /// <returns>What there is now.</returns>
    public static long ResetPeak()
    {
        if (File.Exists("/proc/self/clear_refs"))
            File.WriteAllText("/proc/self/clear_refs", "5");
        return Read("VmRSS:");
    }

    private static long Read(string name)
    {
        if (!File.Exists(Status))
            return 0;
        var line = File.ReadLines(Status).First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal)) << 10;
    }
}
