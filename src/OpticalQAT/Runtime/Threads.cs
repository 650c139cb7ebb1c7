using System.Globalization;
using TorchSharp;

namespace OpticalQAT.Runtime;

/// <summary>The number of threads that compute.</summary>
public static class Threads
{
    private const string CpuFolder = "/sys/devices/system/cpu";

    /// <summary>
    /// The number for this process: <c>OMP_NUM_THREADS</c>, else the cores that Slurm granted
    /// (<c>SLURM_CPUS_PER_TASK</c>), else the physical cores, as far as this process may use them.
    /// </summary>
    /// <remarks>Two threads of one core share its arithmetic units: a second one slows FFTs down.</remarks>
    public static int Default() =>
        Choose(Environment.GetEnvironmentVariable, Math.Min(Environment.ProcessorCount, PhysicalCores() ?? int.MaxValue));

    /// <summary>Lets libtorch compute with that many threads.</summary>
    /// <param name="count">At least 1; null is <see cref="Default"/>.</param>
    /// <returns>The number in use.</returns>
    public static int Use(int? count = null)
    {
        NativeRuntime.Initialize();
        var threads = count ?? Default();
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1, nameof(count));
        torch.set_num_threads(threads);
        return torch.get_num_threads();
    }

    internal static int Choose(Func<string, string?> variable, int cores)
    {
        // OpenMP allows a list, one number for each level of nesting; the first is ours.
        foreach (var text in new[] { variable("OMP_NUM_THREADS")?.Split(',')[0], variable("SLURM_CPUS_PER_TASK") })
        {
            if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var count) && count > 0)
                return count;
        }
        return cores;
    }

    /// <summary>The machine's physical cores; null where the system does not tell.</summary>
    internal static int? PhysicalCores()
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists(CpuFolder))
            return null;
        var cores = new HashSet<(string Package, string Core)>();
        foreach (var cpu in Directory.EnumerateDirectories(CpuFolder, "cpu*"))
        {
            var (package, core) = (Path.Combine(cpu, "topology/physical_package_id"), Path.Combine(cpu, "topology/core_id"));
            if (File.Exists(package) && File.Exists(core))
                cores.Add((File.ReadAllText(package), File.ReadAllText(core)));
        }
        return cores.Count > 0 ? cores.Count : null;
    }
}
