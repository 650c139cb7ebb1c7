using OpticalQAT.Runtime;
using static TorchSharp.torch;

namespace OpticalQAT;

/// <summary><c>environment.json</c>: where and with what a run was computed.</summary>
/// <param name="Started">When this sitting started.</param>
/// <param name="Machine">The machine's name.</param>
/// <param name="WorkingFolder">The folder that relative paths of the configuration start from.</param>
/// <param name="Device">The device in use.</param>
/// <param name="Threads">The threads in use.</param>
/// <param name="Runtime">Versions, libraries, processor.</param>
public sealed record RunEnvironment(DateTimeOffset Started, string Machine, string WorkingFolder, string Device, int Threads, RuntimeReport Runtime)
{
    /// <summary>The environment of this process.</summary>
    public static RunEnvironment Of(Device device, int threads) =>
        new(DateTimeOffset.Now, Environment.MachineName, Environment.CurrentDirectory, device.ToString(), threads, RuntimeReport.Gather());
}
