using OpticalQAT.Configuration;
using OpticalQAT.Formats;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Data;

/// <summary>
/// Measured samples in the layout that the field's phase-imaging sets have: <c>train/phase/*.npy</c> with the phase in
/// radians and <c>train/amp/*.npy</c> with the amplitude, a pair of equal names for each sample, and the same in
/// <c>val</c> and <c>test</c>. Each file holds one real array of two dimensions, all of one size.
/// </summary>
[Kind("npy_folder")]
public sealed record NpyFolder : DatasetKind
{
    private const int BytesOfReading = 40; // of a number: the file's, the tensor's, the single one, and what they are judged by

    /// <summary>The folder of <c>train</c>, <c>val</c> and <c>test</c>. A relative path starts at the working directory.</summary>
    [LocalPath]
    public required string Folder { get; init; }

    /// <summary>The largest phase that a file may hold; the lowest is 0.</summary>
    [AtLeast(1e-6), AtMost(1000)]
    public Angle Maximum { get; init; } = new(2 * Math.PI);

    /// <summary>Whether phases below 0 or above the maximum are set to these ends. Otherwise a file that holds one is refused.</summary>
    public bool Clip { get; init; }

    /// <summary>Whether the amplitudes are read. Without them every sample is taken as clear, and <c>amp</c> may be missing.</summary>
    public bool Amplitudes { get; init; } = true;

    /// <inheritdoc/>
    protected override string Relief => "Put fewer samples into the folders, or make them smaller; task.dataset.amplitudes=false does without amplitudes";

    /// <inheritdoc/>
    protected override DatasetOutline Survey(DataRequest request)
    {
        var size = new ImageSize();
        var outline = new DatasetOutline
        {
            Train = request.Look(Splits.Train, () => Look("train", size)),
            Validation = request.Look(Splits.Validation, () => Look("val", size)),
            Test = request.Look(Splits.Test, () => Look("test", size)),
            ClassNames = [],
        };
        return outline with { WorkingBytes = outline.Splits.Max(part => (double?)part.Split.Height * part.Split.Width * BytesOfReading) ?? 0 };
    }

    /// <inheritdoc/>
    protected override Dataset Read(DataRequest request)
    {
        var size = new ImageSize();
        return new Dataset(
            request.Make(Splits.Train, () => Read("train", size, request.Cancellation)),
            request.Make(Splits.Validation, () => Read("val", size, request.Cancellation)),
            request.Make(Splits.Test, () => Read("test", size, request.Cancellation)),
            []);
    }

    /// <inheritdoc/>
    public override DatasetKind ByContent() => this with { Folder = FolderContent.Digest(nameof(NpyFolder) + (Amplitudes ? " with amplitudes" : string.Empty), Folder, Content) };

    private IEnumerable<ReadOnlyMemory<byte>> Content() => FolderContent.Of(
        Path.GetFullPath(Folder),
        from split in (string[])["train", "val", "test"]
        from part in Amplitudes ? (string[])["phase", "amp"] : ["phase"]
        let folder = Path.Combine(Path.GetFullPath(Folder), split, part)
        from name in Names(folder)
        select Path.Combine(folder, name));

    private SplitOutline Look(string split, ImageSize size)
    {
        var (phases, _) = Files(split);
        var (height, width) = FolderFiles.Read(phases[0], SizeOf);
        size.Expect(phases[0], height, width);
        return new SplitOutline(phases.Length, height, width, sizeof(float) * (Amplitudes ? 2 : 1));
    }

    private Examples Read(string split, ImageSize size, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var (phaseFiles, amplitudeFiles) = Files(split);
        var (height, width) = FolderFiles.Read(phaseFiles[0], SizeOf);
        var phases = empty([phaseFiles.Length, height, width]);
        var amplitudes = Amplitudes ? empty_like(phases) : null;
        size.Expect(phaseFiles[0], height, width);
        for (var i = 0; i < phaseFiles.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            phases[i].copy_(Phase(phaseFiles[i], size));
            amplitudes?[i].copy_(Amplitude(amplitudeFiles[i], size));
        }
        return new Examples(phases.MoveToOuterDisposeScope(), zeros([phaseFiles.Length], ScalarType.Int64).MoveToOuterDisposeScope(), amplitudes?.MoveToOuterDisposeScope());
    }

    private (string[] Phases, string[] Amplitudes) Files(string split)
    {
        var phaseFolder = Path.Combine(Path.GetFullPath(Folder), split, "phase");
        var amplitudeFolder = Path.Combine(Path.GetFullPath(Folder), split, "amp");
        var names = Names(phaseFolder);
        if (Amplitudes)
            CheckPairs(names, phaseFolder, Names(amplitudeFolder), amplitudeFolder);
        return ([.. names.Select(name => Path.Combine(phaseFolder, name))], [.. names.Select(name => Path.Combine(amplitudeFolder, name))]);
    }

    private static string[] Names(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DataException($"There is no folder {folder}. A set has train, val and test, in each a folder phase and a folder amp of .npy files; task.dataset.folder=FOLDER names another one, and task.dataset.amplitudes=false does without amp.") { IsMissing = true };
        string[] names = [.. FolderFiles.In(folder, ".npy").Select(file => Path.GetFileName(file))];
        return names.Length > 0 ? names : throw new DataException($"{folder} holds no .npy files. Write one array for each sample there, for instance by numpy.save.") { IsMissing = true };
    }

    private static void CheckPairs(string[] phases, string phaseFolder, string[] amplitudes, string amplitudeFolder)
    {
        string[] alone =
        [
            .. phases.Except(amplitudes, StringComparer.Ordinal).Select(name => $"{Path.Combine(phaseFolder, name)} has no partner in {amplitudeFolder}"),
            .. amplitudes.Except(phases, StringComparer.Ordinal).Select(name => $"{Path.Combine(amplitudeFolder, name)} has no partner in {phaseFolder}"),
        ];
        if (alone.Length > 0)
            throw new DataException($"{alone[0]}{(alone.Length > 1 ? $", and {alone.Length - 1} more have none" : "")}. Every sample needs a phase and an amplitude of the same name; task.dataset.amplitudes=false does without amplitudes.");
    }

    private Tensor Phase(string path, ImageSize size)
    {
        var phase = Array(path, size);
        if (Clip)
            return phase.clamp(0, Maximum.Radians);
        var (lowest, highest) = (phase.min().item<float>(), phase.max().item<float>());
        // A maximum that was written as float32 may have been rounded up.
        return lowest >= 0 && highest <= Maximum.Radians * (1 + 1e-6) ? phase
            : throw new DataException($"{path}: phases run from {lowest:0.####} to {highest:0.####} rad, but only 0 to {Maximum.Radians:0.####} rad are taken. Unwrap them or subtract the background; or raise task.dataset.maximum; or set task.dataset.clip=true, which cuts what lies outside.");
    }

    private static Tensor Amplitude(string path, ImageSize size)
    {
        var amplitude = Array(path, size);
        return amplitude.min().item<float>() >= 0 ? amplitude
            : throw new DataException($"{path}: it holds the amplitude {amplitude.min().item<float>():0.####}, and amplitudes are not negative. Is it another quantity under this name?");
    }

    private static Tensor Array(string path, ImageSize size) => FolderFiles.Read(path, file =>
    {
        using var scope = NewDisposeScope();
        var (height, width) = SizeOf(file);
        size.Expect(file, height, width);
        var array = NpyFile.Read(file).to(ScalarType.Float32).view(height, width);
        var bad = array.isfinite().logical_not().sum().item<long>();
        return bad == 0 ? array.MoveToOuterDisposeScope()
            : throw new DataException($"{file}: {bad} of its {array.numel()} values are no finite numbers (NaN or infinite) in single precision. Mend the file or take the sample out of the set.");
    });

    /// <summary>The size that a file states: that of a matrix, whatever dimensions of size 1 stand beside it.</summary>
    private static (long Height, long Width) SizeOf(string path)
    {
        var header = NpyFile.ReadHeader(path);
        var shape = header.Shape.Length == 2 ? header.Shape : [.. header.Shape.Where(size => size != 1)];
        if (header.Element.IsComplex || shape.Length != 2)
            throw new DataException($"{path}: expected a real array of two dimensions, but it has {(header.Element.IsComplex ? "complex values" : $"the shape [{string.Join(", ", header.Shape)}]")}. Write height × width, one sample for each file.");
        if (shape.Contains(0))
            throw new DataException($"{path}: it is empty, its shape is [{string.Join(", ", header.Shape)}]. Write height × width, one sample for each file, or take the file out of the set.");
        return (shape[0], shape[1]);
    }
}
