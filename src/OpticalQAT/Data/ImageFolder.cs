using OpticalQAT.Configuration;
using OpticalQAT.Formats;
using static TorchSharp.torch;

namespace OpticalQAT.Data;

/// <summary>
/// Pictures in folders: <c>train</c>, <c>val</c> and <c>test</c>, each with PNG, JPEG, BMP, GIF, WebP, TIFF, PGM or PPM
/// files, or with a folder of them for each class, named like the class. Colours become their luma (0.299 R + 0.587 G +
/// 0.114 B), 16 bits become 8; what is transparent is dark; a picture stands as its file says that it is to be looked at.
/// </summary>
[Kind("image_folder")]
public sealed record ImageFolder : DatasetKind
{
    private const int BytesOfDecoding = 12; // of a pixel: colours, and what JPEG keeps until the last of its scans

    private static readonly string[] Endings = [".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".pgm", ".ppm", ".pnm"];

    /// <summary>The folder of <c>train</c>, <c>val</c> and <c>test</c>. A relative path starts at the working directory.</summary>
    [LocalPath]
    public required string Folder { get; init; }

    /// <inheritdoc/>
    protected override string Relief => "Put fewer pictures into the folders, or make them smaller";

    /// <inheritdoc/>
    protected override DatasetOutline Survey(DataRequest request)
    {
        var size = new ImageSize();
        var classes = ClassesOf(request);
        var deep = new List<string>();
        var outline = new DatasetOutline
        {
            Train = request.Look(Splits.Train, () => Look("train", classes, size, deep)),
            Validation = request.Look(Splits.Validation, () => Look("val", classes, size, deep)),
            Test = request.Look(Splits.Test, () => Look("test", classes, size, deep)),
            ClassNames = classes.Names,
        };
        return outline with
        {
            WorkingBytes = outline.Splits.Max(part => (double?)part.Split.Height * part.Split.Width * BytesOfDecoding) ?? 0,
            Remarks = deep.Count == 0 ? [] : [$"{deep[0]} has more than 8 bits for a sample; pictures are reduced to 8 bits, 0 to 255 from dark to bright."],
        };
    }

    /// <inheritdoc/>
    protected override Dataset Read(DataRequest request)
    {
        var size = new ImageSize();
        var classes = ClassesOf(request);
        return new Dataset(
            request.Make(Splits.Train, () => Read("train", classes, size, request.Cancellation)),
            request.Make(Splits.Validation, () => Read("val", classes, size, request.Cancellation)),
            request.Make(Splits.Test, () => Read("test", classes, size, request.Cancellation)),
            classes.Names);
    }

    /// <inheritdoc/>
    public override DatasetKind ByContent() => this with { Folder = FolderContent.Digest(nameof(ImageFolder), Folder, Content) };

    private IEnumerable<ReadOnlyMemory<byte>> Content() => FolderContent.Of(
        Path.GetFullPath(Folder),
        ((string[])["train", "val", "test"]).SelectMany(split =>
        {
            var (folder, classes) = (Path.Combine(Path.GetFullPath(Folder), split), ClassesIn(split));
            return classes.Length == 0 ? Pictures(folder) : classes.SelectMany(name => Pictures(Path.Combine(folder, name)));
        }));

    private Classes ClassesOf(DataRequest request)
    {
        var first = request.Splits.HasFlag(Splits.Train) ? "train" : request.Splits.HasFlag(Splits.Validation) ? "val" : "test";
        return request.ClassNames is { } known ? new Classes([.. known], null) : new Classes(ClassesIn(first), first);
    }

    /// <summary>The classes, which are folders in a split; none where the pictures lie in the split's folder itself.</summary>
    private string[] ClassesIn(string split)
    {
        var folder = Path.Combine(Path.GetFullPath(Folder), split);
        if (!Directory.Exists(folder))
            throw new DataException($"There is no folder {folder}. A set has train, val and test, each with pictures or with a folder of pictures for each class; task.dataset.folder=FOLDER names another one.") { IsMissing = true };
        var classes = FolderFiles.FoldersIn(folder);
        if (classes.Length > 0 && Pictures(folder).Length > 0)
            throw new DataException($"{folder} holds both pictures and folders. Put every picture into the folder of its class, or have no folders.");
        return classes;
    }

    private SplitOutline Look(string split, Classes classes, ImageSize size, List<string> deep)
    {
        var files = Files(split, classes);
        return FolderFiles.Read(files[0].Path, path =>
        {
            using var picture = PictureFile.Open(path);
            size.Expect(path, picture.Height, picture.Width);
            if (picture.Bits > 8)
                deep.Add(path);
            return new SplitOutline(files.Length, picture.Height, picture.Width);
        });
    }

    private Examples Read(string split, Classes classes, ImageSize size, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var files = Files(split, classes);
        ImageStack? stack = null;
        for (var i = 0; i < files.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            stack = FolderFiles.Read(files[i].Path, path =>
            {
                using var picture = PictureFile.Open(path);
                size.Expect(path, picture.Height, picture.Width);
                var images = stack ?? new ImageStack(files.Length, picture.Height, picture.Width);
                picture.Read(images[i]);
                return images;
            });
        }
        return new Examples(stack!.Images.MoveToOuterDisposeScope(), tensor(files.Select(file => file.Label).ToArray()).MoveToOuterDisposeScope());
    }

    private (string Path, long Label)[] Files(string split, Classes classes)
    {
        var found = ClassesIn(split);
        CheckClasses(split, found, classes);
        var folder = Path.Combine(Path.GetFullPath(Folder), split);
        (string Path, long Label)[] files = found.Length == 0
            ? [.. Pictures(folder).Select(path => (path, 0L))]
            : [.. found.SelectMany(name => Pictures(Path.Combine(folder, name)).Select(path => (path, (long)Array.IndexOf(classes.Names, name))))];
        return files.Length > 0 ? files
            : throw new DataException($"{folder} holds no pictures; the endings {string.Join(", ", Endings)} are read.") { IsMissing = true };
    }

    private void CheckClasses(string split, string[] found, Classes classes)
    {
        if (!classes.AreOfModel && !found.SequenceEqual(classes.Names, StringComparer.Ordinal))
            throw new DataException($"{Path.GetFullPath(Folder)}: {classes.Split} has {Named(classes.Names)}, but {split} has {Named(found)}. All splits need the same classes.");
        if (classes.AreOfModel && (found.Except(classes.Names, StringComparer.Ordinal).Any() || (found.Length == 0 && classes.Names.Length > 0)))
            throw new DataException($"{Path.GetFullPath(Folder)}: {split} has {Named(found)}, but the model was trained on {Named(classes.Names)}. A split may lack classes, but not have others.");
    }

    private static string[] Pictures(string folder) => FolderFiles.In(folder, Endings);

    private static string Named(string[] classes) => classes.Length == 0 ? "no classes" : "the classes " + string.Join(", ", classes);

    /// <summary>The classes of a set.</summary>
    /// <param name="Names">Their names in the order of the labels.</param>
    /// <param name="Split">The split that decides them; null where a trained model does.</param>
    private sealed record Classes(string[] Names, string? Split)
    {
        public bool AreOfModel => Split is null;
    }
}
