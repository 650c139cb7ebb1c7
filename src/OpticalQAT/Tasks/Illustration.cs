using OpticalQAT.Formats;
using OpticalQAT.Optics;
using static TorchSharp.torch;

namespace OpticalQAT.Tasks;

/// <summary>
/// The part of a report that is the task's own, beside its scores, as plain data: no tensors. What stays empty or null is left out.
/// </summary>
public sealed record Illustration
{
    /// <summary>Nothing but the scores.</summary>
    public static Illustration None { get; } = new();

    /// <summary>The detector regions on the output plane, in pixels of the samples' outputs.</summary>
    public IReadOnlyList<DetectorRegion> Detectors { get; init; } = [];

    /// <summary>The names of the classes by index; empty for tasks that have none.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>Chosen test samples with their light.</summary>
    public IReadOnlyList<ShownSample> Samples { get; init; } = [];

    /// <summary>A note on reading the maps of the samples, in whole sentences; null says that each runs from dark to its own maximum.</summary>
    public string? Scale { get; init; }

    /// <summary>The mistakes of highest score margin, worst first.</summary>
    public IReadOnlyList<ShownSample> WorstMistakes { get; init; } = [];

    /// <summary>Counts over the test split, [true class, predicted class].</summary>
    public int[,]? Confusion { get; init; }
}

/// <summary>One sample, plane by plane through the stack. Maps are [row, column] in any linear unit.</summary>
public sealed record ShownSample
{
    /// <summary>The name of the sample or of its content, for example "test image 812"; may be empty.</summary>
    public string Caption { get; init; } = "";

    /// <summary>The input as an image: amplitude, intensity or phase.</summary>
    public required float[,] Input { get; init; }

    /// <summary>The intensity on the output plane.</summary>
    public required float[,] Output { get; init; }

    /// <summary>The output that is right, for imaging and shaping tasks.</summary>
    public float[,]? Target { get; init; }

    /// <summary>For imaging tasks how far the output is from the target; output, target and error are then shares of the same range, 0 to 1.</summary>
    public float[,]? Error { get; init; }

    /// <summary>The true class; null where there are no classes.</summary>
    public int? Label { get; init; }

    /// <summary>The class with the highest score.</summary>
    public int? Predicted { get; init; }

    /// <summary>The score of each class, in the order of the class names.</summary>
    public IReadOnlyList<float>? Scores { get; init; }

    /// <summary>The intensity that arrives at each mask, in order; null or empty where it was not recorded.</summary>
    public IReadOnlyList<float[,]>? Planes { get; init; }

    /// <summary>The intensity as seen from the side, [z, y], in equal steps from the input plane to the output plane; null where it was not recorded.</summary>
    public float[,]? SideView { get; init; }

    /// <summary>Whether the prediction is right; null where there are no classes.</summary>
    public bool? Correct => Label is null || Predicted is null ? null : Label == Predicted;

    /// <summary>A map from a tensor.</summary>
    /// <param name="values">float32, [rows, columns], on the host.</param>
    public static float[,] Map(Tensor values) => TensorArrays.Plane(values);
}

/// <summary>The model that a report shows, as far as a task needs it.</summary>
public interface IShownModel
{
    /// <summary>The device that computes.</summary>
    Device Device { get; }

    /// <summary>The fields that arrive at each mask, and at the output plane.</summary>
    /// <param name="input">complex64, [B, N, N] or [B, W, N, N], at the input plane.</param>
    /// <returns>One for each mask and one more, shaped as the input.</returns>
    IReadOnlyList<Tensor> Planes(Tensor input);

    /// <summary>The light from the side: for each example its intensity, [z, y], at equal steps from the input plane to the output plane; null where more than free space lies between the masks.</summary>
    /// <param name="input">complex64, [B, N, N] or [B, W, N, N], at the input plane.</param>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    float[][,]? FromTheSide(Tensor input);
}
