using System.Buffers.Binary;
using System.IO.Compression;
using OpticalQAT.Formats;

namespace OpticalQAT.Tests.Data;

/// <summary>A temporary folder with small files in MNIST's form; it goes when disposed of.</summary>
internal sealed class MnistFolder : IDisposable
{
    /// <summary>Eight training and four test examples of three classes; every pixel of an image is its number in the file.</summary>
    public MnistFolder()
    {
        Path = Directory.CreateTempSubdirectory("mnist-").FullName;
        Write("train", [0, 1, 2, 0, 1, 2, 0, 1]);
        Write("t10k", [2, 1, 0, 2]);
    }

    public string Path { get; }

    /// <summary>The folder of the real files: OPTICALQAT_SHARED, or a folder <c>shared</c> above the tests.</summary>
    public static string? Real
    {
        get
        {
            var above = new List<string?> { Environment.GetEnvironmentVariable("OPTICALQAT_SHARED") };
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
                above.Add(System.IO.Path.Combine(folder.FullName, "shared"));
            return above.OfType<string>().Select(folder => System.IO.Path.Combine(folder, "data", "mnist")).FirstOrDefault(Directory.Exists);
        }
    }

    public void Write(string name, byte[] labels, int height = 2, int width = 3)
    {
        var images = Enumerable.Range(0, labels.Length).SelectMany(i => Enumerable.Repeat((byte)i, height * width));
        WriteIdx($"{name}-images-idx3-ubyte", [labels.Length, height, width], [.. images]);
        WriteIdx($"{name}-labels-idx1-ubyte", [labels.Length], labels);
    }

    /// <summary>Writes labels as integers of a type, each at the head of so many columns.</summary>
    public void WriteLabels(string file, int[] labels, IdxType type, int columns = 1)
    {
        int[] values = [.. labels.SelectMany((label, i) => Enumerable.Range(0, columns).Select(column => column == 0 ? label : (1000 * column) + i))];
        int[] shape = columns == 1 ? [labels.Length] : [labels.Length, columns];
        WriteIdx(file, shape, [.. values.SelectMany(value => Bytes(value, type))], type);

        static byte[] Bytes(int value, IdxType type)
        {
            var bytes = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(bytes, value);
            return type switch { IdxType.Int => bytes, IdxType.Short => bytes[2..], _ => bytes[3..] };
        }
    }

    /// <summary>Writes one file: two zero bytes, the type, the rank, the big-endian dimensions, the values.</summary>
    public void WriteIdx(string file, int[] shape, byte[] values, IdxType type = IdxType.UnsignedByte)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(FullName(file))!);
        var bytes = new byte[4 + (4 * shape.Length) + values.Length];
        (bytes[2], bytes[3]) = ((byte)type, (byte)shape.Length);
        for (var i = 0; i < shape.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + (4 * i)), shape[i]);
        values.CopyTo(bytes, 4 + (4 * shape.Length));

        using var stream = File.Create(FullName(file));
        using Stream target = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Compress) : stream;
        target.Write(bytes);
    }

    public string FullName(string file) => System.IO.Path.Combine(Path, file);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
