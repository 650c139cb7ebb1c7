using System.Text;
using OpticalQAT.Data;
using OpticalQAT.Formats;
using OpticalQAT.Tests.Data;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Support.Fuzzing;

/// <summary>Small sets in each published form of the MNIST family, one of whose files is replaced, or called otherwise, and put right again.</summary>
internal sealed class DigitFolders : IDisposable
{
    private const int Head = 3; // which folder, which file, and whether the rest is its content or its name

    /// <summary>The parts of names and files of the family.</summary>
    public static readonly string[] Words = ["train", "t10k", "test", "-", ".", "images", "labels", "idx1", "idx2", "idx3", "ubyte", "int", ".gz", "emnist-", "letters", "qmnist", "._", "..", "10 65\n", "1 -5", "\n"];

    private readonly List<MnistFolder> _folders = [new(), new(), new(), new()];
    private readonly List<string> _files = [];

    public DigitFolders()
    {
        Write(_folders[1], "qmnist", "", IdxType.Int, columns: 8);
        Write(_folders[2], "emnist-letters", ".gz", IdxType.UnsignedByte, columns: 1);
        File.WriteAllText(_folders[2].FullName("emnist-letters-mapping.txt"), "0 64\n1 65 97\n2 66 98\n");
        Write(_folders[3], "EMNIST/raw/emnist-own", "", IdxType.Short, columns: 1);
        Write(_folders[3], "QMNIST/raw/qmnist", "", IdxType.Int, columns: 8);
        _files.AddRange(_folders.SelectMany(folder => Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories)).Order(StringComparer.Ordinal));
    }

    /// <summary>Every file, and every name.</summary>
    public byte[][] Seeds => [.. _files.SelectMany((file, i) => (byte[][])[[0, (byte)i, 0, .. File.ReadAllBytes(file)], [0, (byte)i, 1, .. Encoding.UTF8.GetBytes(Path.GetFileName(file))]])];

    /// <summary>Leaves what says which file it is.</summary>
    public static byte[] Damage(Mutator mutator, byte[] seed) => [.. seed[..Head], .. mutator.Mutate(seed[Head..])];

    /// <summary>Reads the folder with the damaged file, or with the file under a damaged name.</summary>
    public bool Reads(byte[] input)
    {
        var file = _files[input[1]];
        var folder = _folders.Find(one => file.StartsWith(one.Path, StringComparison.Ordinal))!.Path;
        var whole = File.ReadAllBytes(file);
        var renamed = input[2] == 0 ? file : Path.Combine(Path.GetDirectoryName(file)!, Name(input.AsSpan(Head)));
        if (input[2] != 0 && File.Exists(renamed))
            renamed += "x"; // what lies there stays
        try
        {
            File.Delete(file);
            File.WriteAllBytes(renamed, input[2] == 0 ? input[Head..] : whole);
            using var scope = NewDisposeScope();
            var mnist = new Mnist { Folder = folder, ValidationCount = 1, Subset = string.Equals(folder, _folders[3].Path, StringComparison.Ordinal) ? "qmnist" : null };
            return mnist.Load().Train.Count > 0 && mnist.Load(new DataRequest(Splits.Test) { ClassNames = ["0", "1", "2"] }).Test.Count > 0;
        }
        finally
        {
            File.Delete(renamed);
            File.WriteAllBytes(file, whole);
        }
    }

    public void Dispose() => _folders.ForEach(folder => folder.Dispose());

    private static void Write(MnistFolder folder, string set, string packed, IdxType type, int columns)
    {
        foreach (var file in Directory.GetFiles(folder.Path)) // MNIST's own
            File.Delete(file);
        foreach (var (split, labels) in new (string, int[])[] { ("train", [0, 1, 2, 0, 1]), ("test", [2, 1]) })
        {
            folder.WriteIdx($"{set}-{split}-images-idx3-ubyte{packed}", [labels.Length, 2, 3], new byte[labels.Length * 6]);
            folder.WriteLabels($"{set}-{split}-labels-idx{(columns > 1 ? "2-int" : "1-ubyte")}{packed}", labels, type, columns);
        }
    }

    /// <summary>A name that a file can have.</summary>
    private static string Name(ReadOnlySpan<byte> bytes)
    {
        var name = string.Concat(Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 100)]).Where(c => c is not ('/' or '\0')));
        return name is "" or "." or ".." ? "nothing" : name;
    }
}
