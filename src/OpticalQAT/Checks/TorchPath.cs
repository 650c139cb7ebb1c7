using OpticalQAT.Configuration;
using OpticalQAT.Optics.Fast;
using OpticalQAT.Runtime;
using TorchSharp;

namespace OpticalQAT.Checks;

/// <summary>The reason why an experiment's light is left to torch on the CPU, several times slower than the fast path, and what would take it there.</summary>
/// <param name="Key">The key that decides it.</param>
/// <param name="Reason">The reason, as a clause.</param>
/// <param name="Remedy">The change that would take it there.</param>
/// <param name="Alternative">The same experiment on the fast path; null where no key leads there.</param>
internal sealed record TorchPath(string Key, string Reason, string Remedy, Experiment? Alternative)
{
    // Where it cannot be measured here: a training step at 64×64 samples, docs/performance.md.
    private const double Documented = 4.8;

    /// <summary>Looks at an experiment; null where the fast path is taken, where there is none, and where a GPU computes.</summary>
    /// <param name="experiment">An experiment without errors.</param>
    /// <param name="isQuick">Leaves out what needs libtorch: the comparison with torch at these sizes.</param>
    public static TorchPath? Of(Experiment experiment, bool isQuick)
    {
        var (optics, size) = (experiment.Optics, experiment.Optics.Grid.Size);
        var padded = optics.Propagator.PlaneSize(optics.Grid);
        if (!experiment.Model.HasFreeSpace || !IsOnCpu(experiment, isQuick))
            return null;
        if (!FastPropagation.IsEnabled)
            return new("optics.fast_path", "the variable OPTICALQAT_FAST=0 turns the fast path off", "unset OPTICALQAT_FAST", null);
        if (!FastPropagation.HasPlan(size, padded))
        {
            var wider = experiment with { Optics = optics with { FastPath = true, Grid = optics.Grid with { Padding = 2 } } };
            return new("optics.grid.padding", $"the fast path has no plan for {FastPropagation.NoPlan(size, padded).TrimEnd('.')}", "optics.grid.padding=2 can be done at every size", wider);
        }
        if (!optics.FastPath)
            return new("optics.fast_path", "optics.fast_path is false", "leave the key out", experiment with { Optics = optics with { FastPath = true } });
        return isQuick || FastPropagation.Supports(size, padded, out var reason)
            ? null
            : new("optics.fast_path", $"the fast path does not agree with torch here ({reason.TrimEnd('.')})", "'doctor' says more; please report it", null);
    }

    /// <summary>The finding that says so.</summary>
    /// <param name="measured">The factor by which a step takes longer; null where that was not measured.</param>
    public Finding Finding(double? measured)
    {
        var factor = measured is { } times ? $"about {times:0.0} times as long as on the fast path, measured just now" : $"about {Documented:0.0} times as long as on the fast path, as measured at 64×64 samples";
        return new(false, Key, $"propagation is left to torch: {Reason}. A training step takes {factor}. Remedy: {Remedy}.");
    }

    private static bool IsOnCpu(Experiment experiment, bool isQuick) => isQuick
        ? ComputeDevice.IsCpu(experiment.Device)
        : ComputeDevice.Resolve(experiment.Device).Device.type == DeviceType.CPU;
}
