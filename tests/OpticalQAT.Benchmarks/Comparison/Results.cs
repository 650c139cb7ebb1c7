namespace OpticalQAT.Benchmarks.Comparison;

/// <summary>The measurements of one variant.</summary>
/// <param name="Name">The variant.</param>
/// <param name="CpuSeconds">Median processor time of a step.</param>
/// <param name="WallSeconds">Median wall time of a step.</param>
/// <param name="ToReference">Processor time over that of the reference with its transfer function kept.</param>
/// <param name="ToFloor">Processor time over that of the bare transforms.</param>
/// <param name="EpochSeconds">Time of 60,000 samples: with one thread processor time, else wall time.</param>
/// <param name="OutputError">Of the output, relative to double precision, in the norm; null where there is none.</param>
/// <param name="GradientError">Of the phases' gradient, likewise.</param>
internal sealed record VariantResult(
    string Name, double CpuSeconds, double WallSeconds, double ToReference, double ToFloor, double EpochSeconds, double? OutputError, double? GradientError);

/// <summary>All variants at one size.</summary>
/// <param name="Workload">What was computed.</param>
/// <param name="Variants">What was measured of each.</param>
/// <param name="NewTransfer">What it costs where distances change from step to step.</param>
/// <param name="Alone">Memory and time of each variant in a process of its own.</param>
internal sealed record SizeResult(
    Workload Workload, IReadOnlyList<VariantResult> Variants, NewTransferResult NewTransfer, IReadOnlyDictionary<string, AloneResult>? Alone);

/// <summary>The median processor time of working out one transfer function from its distance.</summary>
/// <param name="FastSeconds">In the form of the fast path.</param>
/// <param name="TorchSeconds">As a tensor.</param>
/// <param name="ToPropagation">The first over the fast path's time for one layer, forward and backward, of a batch.</param>
internal sealed record NewTransferResult(double FastSeconds, double TorchSeconds, double ToPropagation);

/// <summary>One step of the fast path at one point of a scaling series.</summary>
/// <param name="Series">What varies: batch, layers or points.</param>
/// <param name="Value">Its value.</param>
/// <param name="CpuSeconds">Median processor time of a step.</param>
/// <param name="PerUnit">That time over batch·layers·N²·log₂N, relative to the first of the series: 1 is what the theory says.</param>
internal sealed record ScalingResult(string Series, int Value, double CpuSeconds, double PerUnit);

/// <summary>Everything, as the JSON document has it.</summary>
internal sealed record ComparisonResult(
    string Machine, string FastPath, int Threads, IReadOnlyList<SizeResult> Sizes, IReadOnlyList<ScalingResult>? Scaling);
