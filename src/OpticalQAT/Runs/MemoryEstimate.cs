using OpticalQAT.Configuration;
using OpticalQAT.Kernels;
using OpticalQAT.Optics.Fast;
using OpticalQAT.Runtime;
using OpticalQAT.Training;

namespace OpticalQAT.Runs;

/// <summary>The memory of a run: from formulas, before anything is allocated, and without libtorch.</summary>
/// <param name="Fields">Bytes of the examples that are kept as fields, 8·N² for each and each wavelength; those of splits that would be too many are worked out anew in every batch.</param>
/// <param name="Work">Bytes that the largest batch works in: of training, of refinement, of encoding or of an evaluation.</param>
/// <param name="Model">Bytes of the masks with their gradients, optimizer and best copies, and of the transfer functions.</param>
/// <param name="Available">Bytes that there are: the machine's memory, or what a container or a job may take of it.</param>
public sealed record MemoryEstimate(long Fields, long Work, long Model, long Available)
{
    /// <summary>The memory of the program besides: the runtime, libtorch, its compiled code.</summary>
    public const long Program = 400L << 20;

    private const int BytesOfField = 8;

    // Positions, gradients, two moments of the optimizer, the best of the phase, what a checkpoint copies.
    private const int CopiesOfPositions = 8;

    // Of each sample of a mask: its transmission, the gradient of that, and what is between it and a position.
    private const int BytesOfMaskSample = 40;

    // The field before the first mask, at the output, the gradients of both, one more while they change places.
    private const int FieldsInFlight = 5;

    /// <summary>All of it.</summary>
    public long Total => Program + Fields + Work + Model;

    /// <summary>Estimates a run on the CPU; null where a GPU may compute, which has a memory of its own.</summary>
    /// <param name="experiment">An experiment without errors.</param>
    /// <param name="examples">The number of examples; null where that is not known, which counts none as kept.</param>
    public static MemoryEstimate? Of(Experiment experiment, ExampleCounts? examples) => ComputeDevice.IsCpu(experiment.Device)
        ? Of(experiment, examples, experiment.Training.BatchSize, HostMemory.Bytes, isOnCpu: true)
        : null;

    internal static MemoryEstimate Of(Experiment experiment, ExampleCounts? examples, int batchSize, long available, bool isOnCpu)
    {
        var fields = examples is null ? 0 : Kept(experiment, examples, DatasetFields.ShareOf(available)).Sum(kept => kept ?? 0);
        return new MemoryEstimate(fields, WorkOf(experiment, examples, batchSize, isOnCpu), ModelOf(experiment, isOnCpu), available);
    }

    /// <summary>Says that the run does not fit, with both numbers and what would; null where it fits.</summary>
    /// <param name="experiment">The experiment that was estimated.</param>
    /// <param name="examples">The number of examples; null where that is not known.</param>
    public Finding? Misfit(Experiment experiment, ExampleCounts? examples)
    {
        if (Total <= Available)
            return null;
        var batchSize = experiment.Training.BatchSize;
        var fitting = Largest(1, batchSize, size => Of(experiment, examples, size, Available, isOnCpu: true).Total <= Available);
        var remedy = fitting is { } fits
            ? $"training.batch_size={fits} would fit"
            : $"even single examples would not fit; choose a smaller optics.grid.size than {experiment.Optics.Grid.Size}{(experiment.Model.LayerCount > 1 ? ", or fewer layers" : string.Empty)}";
        return new Finding(true, fitting is null ? "optics.grid.size" : "training.batch_size",
            $"the run would take about {Text(Total)} of memory, and this process has {Text(Available)}: {Text(Work)} to work in with batches of {batchSize}, "
            + $"{Text(Model)} for masks and transfer functions{(Fields > 0 ? $", {Text(Fields)} for the examples" : string.Empty)}, {Text(Program)} for the program; {remedy}");
    }

    /// <summary>Bytes in the unit that suits them.</summary>
    public static string Text(long bytes) => bytes switch
    {
        >= 1L << 30 => $"{bytes / (double)(1L << 30):0.0} GiB",
        _ => $"{Math.Ceiling(bytes / (double)(1L << 20)):0} MiB",
    };

    /// <summary>
    /// Bytes of the fields of train, validation, test, and of the examples that rounding looks at, in the order in which
    /// they are asked for; null for a split that does not fit into what is left.
    /// </summary>
    internal static long?[] Kept(Experiment experiment, ExampleCounts examples, long limit)
    {
        var left = limit;
        long[] counts = [examples.Train, examples.Validation, Math.Min(examples.Validation, DatasetFields.RoundingCount), examples.Test];
        return
        [
            .. counts.Select(count =>
            {
                var bytes = ExampleFields.BytesFor(count, experiment.Optics.Grid.Size, experiment.Optics.Waves.Count);
                if (bytes > left)
                    return (long?)null;
                left -= bytes;
                return bytes;
            }),
        ];
    }

    private static long WorkOf(Experiment experiment, ExampleCounts? examples, int batchSize, bool isOnCpu)
    {
        var (optics, layers) = (experiment.Optics, experiment.Model.LayerCount);
        var (plane, padded) = (Square(optics.Grid.Size) * BytesOfField, Square(optics.Propagator.PlaneSize(optics.Grid)) * BytesOfField);
        // Errors before the first mask move every field of the batch.
        var inFlight = FieldsInFlight + (experiment.Perturbation.ReachesInput ? 2 : 0);
        var train = examples?.Train ?? long.MaxValue;
        var largest = examples?.Largest ?? long.MaxValue;
        var refinement = experiment.Training.Refinement is null ? 0 : Batch(AtOnce(FlipRefiner.Chunk), train, layers);
        double[] all = [Batch(batchSize, train, layers), refinement, Batch(AtOnce(ExampleFields.Chunk), largest, 0), Batch(AtOnce(Evaluator.BatchSize), largest, 0)];
        return ToBytes(optics.Waves.Count * all.Max());

        int AtOnce(int most) => ExampleFields.AtOnce(most, optics.Grid.Size, optics.Waves.Count);

        // A CPU pads a few samples at a time, other devices the whole batch.
        double Batch(int size, long count, int kept) => Math.Min(size, Math.Max(1, count)) * ((inFlight + kept) * plane + (isOnCpu ? 0 : 3 * padded)) + (isOnCpu ? 3 * padded : 0);
    }

    private static long ModelOf(Experiment experiment, bool isOnCpu)
    {
        var (optics, model) = (experiment.Optics, experiment.Model);
        var (size, padded) = (optics.Grid.Size, optics.Propagator.PlaneSize(optics.Grid));
        var positions = model.PositionShape(optics).Aggregate(1.0, (product, length) => product * length);
        var numbers = experiment.Levels?.Max(experiment.Quantizer.NumbersPerPixel) ?? 1;
        var masks = model.LayerCount * (positions * numbers * CopiesOfPositions * sizeof(float) + (double)optics.Waves.Count * Square(size) * BytesOfMaskSample);
        // A quadrant in float64; the form that is computed with, and on torch's path its making in complex128.
        var computed = isOnCpu && model.HasFreeSpace && optics.FastPath && FastPropagation.IsEnabled && FastPropagation.HasPlan(size, padded)
            ? Square(PaddedLength.Choose(size, padded)!.Value) * BytesOfField
            : Square(padded) * BytesOfField * 3;
        var propagations = Math.Max(1, model.Distances.Count()) * optics.Waves.Count;
        return ToBytes(masks + propagations * (computed + Square(padded / 2 + 1) * 2 * sizeof(double)));
    }

    /// <summary>The largest number for which something holds that holds for all below it; null where it holds for none.</summary>
    private static int? Largest(int lowest, int highest, Func<int, bool> holds)
    {
        if (!holds(lowest))
            return null;
        while (lowest < highest)
        {
            var middle = lowest + (highest - lowest + 1) / 2;
            (lowest, highest) = holds(middle) ? (middle, highest) : (lowest, middle - 1);
        }
        return lowest;
    }

    private static double Square(double number) => number * number;

    private static long ToBytes(double bytes) => bytes >= long.MaxValue / 8 ? long.MaxValue / 8 : (long)bytes;
}
