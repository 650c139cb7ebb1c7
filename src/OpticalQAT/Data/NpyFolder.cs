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
    /// <summary>The folder of <c>train</c>, <c>val</c> and <c>test</c>. A relative path starts at the working directory.</summary>
    [LocalPath]
    public required string Folder { get; init; }

    /// <summary>The largest phase that a file may hold; the lowest is 0.</summary>
    [Above(0)]
    public Angle Maximum { get; init; } = new(2 * Math.PI);

    /// <summary>Whether phases below 0 or above the maximum are set to these ends. Otherwise a file that holds one is refused.</summary>
    public bool Clip { get; init; }

    /// <summary>Whether the amplitudes are read. Without them every sample is taken as clear, and <c>amp</c> may be missing.</summary>
    public bool Amplitudes { get; init; } = true;

    /// <inheritdoc/>
    public override Dataset Load(DataRequest request)
    {
        var size = new ImageSize();
        return new Dataset(
            request.Make(Splits.Train, () => Read("train", size)),
            request.Make(Splits.Validation, () => Read("val", size)),
            request.Make(Splits.Test, () => Read("test", size)),
            []);
    }

    /// <inheritdoc/>
    internal override DatasetKind ByContent() => this with { Folder = FolderContent.Digest(nameof(NpyFolder) + (Amplitudes ? " with amplitudes" : string.Empty), Folder, Content) };

    private IEnumerable<ReadOnlyMemory<byte>> Content() => FolderContent.Of(
        Path.GetFullPath(Folder),
        from split in (string[])["train", "val", "test"]
        from part in Amplitudes ? (string[])["phase", "amp"] : ["phase"]
        let folder = Path.Combine(Path.GetFullPath(Folder), split, part)
        from name in Names(folder)
        select Path.Combine(folder, name));

    private Split Read(string split, ImageSize size)
    {
        var phaseFolder = Path.Combine(Path.GetFullPath(Folder), split, "phase");
        var amplitudeFolder = Path.Combine(Path.GetFullPath(Folder), split, "amp");
        var names = Names(phaseFolder);
        if (Amplitudes)
            CheckPairs(names, phaseFolder, Names(amplitudeFolder), amplitudeFolder);
        using var scope = NewDisposeScope();
        var phases = stack(names.Select(name => Phase(Path.Combine(phaseFolder, name), size)));
        var amplitudes = Amplitudes ? stack(names.Select(name => Amplitude(Path.Combine(amplitudeFolder, name), size))) : null;
        return new Split(phases.MoveToOuterDisposeScope(), zeros([names.Length], ScalarType.Int64).MoveToOuterDisposeScope(), amplitudes?.MoveToOuterDisposeScope());
    }

    private static string[] Names(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DataException($"There is no folder {folder}. A set has train, val and test, in each a folder phase and a folder amp of .npy files; task.dataset.folder=FOLDER names another one, and task.dataset.amplitudes=false does without amp.");
        string[] names = [.. Directory.EnumerateFiles(folder, "*.npy").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        return names.Length > 0 ? names : throw new DataException($"{folder} holds no .npy files. Write one array for each sample there, for instance by numpy.save.");
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

    private static Tensor Array(string path, ImageSize size)
    {
        try
        {
            using var scope = NewDisposeScope();
            var array = NpyFile.Read(path).squeeze();
            if (array.is_complex() || array.dim() != 2)
                throw new DataException($"{path}: expected a real array of two dimensions, but it has {(array.is_complex() ? "complex values" : $"the shape [{string.Join(", ", array.shape)}]")}. Write height × width, one sample for each file.");
            size.Expect(path, array.shape[0], array.shape[1]);
            var bad = array.isfinite().logical_not().sum().item<long>();
            return bad == 0 ? array.to(ScalarType.Float32).MoveToOuterDisposeScope()
                : throw new DataException($"{path}: {bad} of its {array.numel()} values are no finite numbers (NaN or infinite). Mend the file or take the sample out of the set.");
        }
        catch (FileFormatException damaged)
        {
            throw new DataException(damaged.Message, damaged);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read: {unreadable.Message}", unreadable);
        }
    }
}
