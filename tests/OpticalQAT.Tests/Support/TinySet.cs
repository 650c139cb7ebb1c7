using OpticalQAT.Data;
using OpticalQAT.Formats;
using OpticalQAT.Tests.Data;
using SkiaSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Support;

/// <summary>A dataset of every kind: three classes or phases, on the disk where the kind reads files. A new kind needs its line here.</summary>
internal sealed class TinySet : IDisposable
{
    private const string Imaging = "task={ kind: phase_imaging, object_samples: 12, dataset: ";

    private readonly MnistFolder? _mnist;

    private TinySet(string kind, string partner, string? folder, params string[] overrides) =>
        (Kind, Partner, Folder, Overrides) = (kind, partner, folder, overrides);

    private TinySet(MnistFolder mnist, params string[] overrides) : this("mnist", "image_folder", mnist.Path, overrides) => _mnist = mnist;

    /// <summary>The kinds that the library has.</summary>
    public static IEnumerable<string> Kinds => Support.Kinds.Library.FamilyOf(typeof(DatasetKind)).Kinds.Select(kind => kind.Name);

    public string Kind { get; }

    /// <summary>A kind whose tiny set has the same classes.</summary>
    public string Partner { get; }

    /// <summary>The folder of its files; null where it has none.</summary>
    public string? Folder { get; }

    /// <summary>The overrides that make <see cref="Trust.SmallModel"/> learn from it.</summary>
    public string[] Overrides { get; }

    /// <summary>The overrides that name it to a verb that takes a model: as another folder where that is all, else as another dataset.</summary>
    public string[] Named => Folder is null ? [] : [$"task.dataset.folder={Folder}"];

    /// <summary>The overrides that name it to a verb whose model learnt from another kind.</summary>
    public string AsAnother => Folder is not null ? $"task.dataset={{ kind: {Kind}, folder: {Folder}{(_mnist is null ? "" : ", validation_count: 3")} }}"
        : $"task.dataset={{ kind: {Kind}, seed: 5, train_count: 10, validation_count: 10, test_count: 12 }}";

    public static TinySet Of(string kind) => kind switch
    {
        "cells" => new("cells", "npy_folder", null, Imaging + "{ kind: cells, pixels: 16, train_count: 12, validation_count: 10, test_count: 10 } }"),
        "glyphs" => new("glyphs", "glyphs", null),
        "image_folder" => Pictures(),
        "mnist" => Digits(),
        "npy_folder" => Phases(),
        _ => throw new InvalidOperationException($"the kind {kind} is new: write a tiny set of it here, so that every verb is tried on it"),
    };

    /// <summary>Takes away the files that these splits do without.</summary>
    public void Keep(Splits splits)
    {
        if (_mnist is not null)
        {
            if ((splits & (Splits.Train | Splits.Validation)) == Splits.None)
                Delete("train-images-idx3-ubyte", "train-labels-idx1-ubyte");
            if (!splits.HasFlag(Splits.Test))
                Delete("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");
            return;
        }
        foreach (var (split, name) in new[] { (Splits.Train, "train"), (Splits.Validation, "val"), (Splits.Test, "test") })
        {
            if (Folder is not null && !splits.HasFlag(split))
                Directory.Delete(Path.Combine(Folder, name), recursive: true);
        }

        void Delete(params string[] names) => Array.ForEach(names, name => File.Delete(_mnist.FullName(name)));
    }

    /// <summary>Writes one of the pictures of an <c>image_folder</c> anew.</summary>
    public static void WritePicture(string path, int seed)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var random = new Random(seed);
        using var bitmap = new SKBitmap(new SKImageInfo(6, 6, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        for (var i = 0; i < 36; i++)
            bitmap.SetPixel(i % 6, i / 6, new SKColor((byte)random.Next(256), 90, 90));
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(path, data.ToArray());
    }

    public void Dispose()
    {
        if (_mnist is not null)
            _mnist.Dispose();
        else if (Folder is not null && Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    private static TinySet Digits()
    {
        var folder = new MnistFolder();
        folder.Write("train", [0, 1, 2, 0, 1, 2, 0, 1, 2, 0], 4, 4);
        folder.Write("t10k", [2, 1, 0, 2], 4, 4);
        return new(folder, $"task.dataset={{ kind: mnist, folder: {folder.Path}, validation_count: 3 }}", "task.detector.regions=3");
    }

    private static TinySet Pictures()
    {
        var folder = Directory.CreateTempSubdirectory("tiny-pictures-").FullName;
        var seed = 0;
        foreach (var (split, count) in new[] { ("train", 3), ("val", 2), ("test", 2) })
        {
            foreach (var name in (string[])["0", "1", "2"])
            {
                for (var i = 0; i < count; i++)
                    WritePicture(Path.Combine(folder, split, name, $"{i}.png"), ++seed);
            }
        }
        return new("image_folder", "mnist", folder, $"task.dataset={{ kind: image_folder, folder: {folder} }}", "task.detector.regions=3");
    }

    private static TinySet Phases()
    {
        using var scope = NewDisposeScope();
        var folder = Directory.CreateTempSubdirectory("tiny-phases-").FullName;
        var seed = 0;
        foreach (var (split, count) in new[] { ("train", 6), ("val", 3), ("test", 3) })
        {
            Directory.CreateDirectory(Path.Combine(folder, split, "phase"));
            Directory.CreateDirectory(Path.Combine(folder, split, "amp"));
            for (var i = 0; i < count; i++)
            {
                NpyFile.Write(Path.Combine(folder, split, "phase", $"{i}.npy"), Tensors.Normal([12, 12], (ulong)++seed, ScalarType.Float32).abs().clamp(0, 3));
                NpyFile.Write(Path.Combine(folder, split, "amp", $"{i}.npy"), ones(12, 12) * 0.8f);
            }
        }
        return new("npy_folder", "cells", folder, Imaging + $"{{ kind: npy_folder, folder: {folder} }} }}");
    }
}
