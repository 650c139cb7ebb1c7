using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Formats;
using OpticalQAT.Quantization;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Formats;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Support;
using OpticalQAT.Tests.Support.Fuzzing;
using OpticalQAT.Units;
using TorchSharp;

namespace OpticalQAT.Tests.Trust;

/// <summary>
/// Damaged files of every format that is read from outside: each is answered by a documented exception or read, in
/// bounded time and memory. A thousand in all; OPTICALQAT_FUZZ gives another number, and scripts/fuzz.sh twenty thousand.
/// </summary>
[Category("Fuzz")]
public class FuzzTests
{
    private const int Targets = 8;

    private static readonly int InputsOfEach = FuzzCheck.InputsOfEach(Targets);

    private static readonly string[] YamlWords =
    [
        "- ", ": ", "{", "}", "[", "]", "&a ", "*a", "!!python/object ", "\"", "'", "|", ">", "#", "---\n", "...\n", "%YAML 1.1\n", "<<: ", "\t", "\n", "\n\n  ", "? ",
        "null", "~", "true", ".nan", "-.inf", "1e999", "-1", "0", "99999999999999999999", "1 nm", "0 mm", "-3 m", "1e300 m", "kind: ", "\u00e9", "\0",
    ];

    private static readonly string[] LevelTables =
    [
        "level;height (µm);amplitude;phase_deg\r\n0;0;1;0\r\n1;250,5;0,95;45\r\n2;1.731,25;0,9;100\r\n",
        "# numpy\n# level,height_nm,sigma_nm\n0,0,1.5\n1,250.5,2\n2,731,1e-1\n", "height\n0 nm\n1,5 nm\n", "level height_um\n0 0\n1 2,5\n",
        "sep=;\n\"height_nm\";\"note\"\n0;\"a; \"\"b\"\"\nc\"\n5;\n",
    ];

    private static readonly string[] LevelWords =
    [
        ";", ",", "\t", " ", "\"", "\"\"", "\r", "\n", "\r\n", "#", "%", "sep=", "sep=\"\n", "0", "-1", ".", "1,234", "1.234", "1e308", "1e-999", "NaN", "\u2212", "\u00a0",
        "height", "height_um", "(nm)", "[", "level", "amplitude", "phase_rad", "phase", "\0", "\ufeff", "\u03bc", " m", "99999999999999999999999999",
    ];

    private static readonly string[] SafetensorsWords =
    [
        "\"F64\"", "\"F32\"", "\"C64\"", "\"BOOL\"", "\"BF16\"", "\"X9\"", "[]", "[0]", "[-1]", "[9223372036854775807]", "[4294967296,4294967296]", "[0,9223372036854775807]", "1e5", "1.5", "null", "{}", "{",
        "}", "[", "]", "\"", ",", ":", "\\u0000", "\"__metadata__\":{}", "\"layers.0.position\"", "\"shape\":", "\"data_offsets\":", "nan", "size: 16384", "count: 65536", "layers: 1000", "1e-300 mm", "\\n",
    ];

    [Test]
    public void Idx_files()
    {
        byte[] images = [0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0, 5, .. new byte[100]];
        byte[][] seeds = [images, [0, 0, 8, 1, 0, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9], [.. Compressed(images)]];
        using var folder = new TemporaryFolder();
        var file = folder.File("images");
        Check("idx", seeds, [[0x1f, 0x8b, 8], [0, 0, 8, 255], [0x7f, 0xff, 0xff, 0xff]], Damage, bytes =>
        {
            File.WriteAllBytes(file, bytes);
            return IdxFile.Read(file) is { } idx && idx.Data.Length == idx.Shape.Aggregate(1, (product, size) => product * size);
        }, e => e is FileFormatException);

        static byte[] Damage(Mutator mutator, byte[] seed)
        {
            var damaged = mutator.Mutate(seed);
            return mutator.Chance(0.3) ? Compressed(damaged) : damaged;
        }
    }

    /// <summary>Labels of every integer type, and what reads them element by element.</summary>
    [Test]
    public void Idx_labels()
    {
        byte[][] seeds =
        [
            [0, 0, 0x08, 1, 0, 0, 0, 3, 0, 1, 2], [0, 0, 0x09, 1, 0, 0, 0, 3, 0, 1, 2], [0, 0, 0x0b, 1, 0, 0, 0, 3, 0, 0, 0, 1, 0, 2],
            [0, 0, 0x0c, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1], [0, 0, 0x0c, 2, 0, 0, 0, 2, 0, 0, 0, 8, .. new byte[64]],
        ];
        using var folder = new TemporaryFolder();
        var file = folder.File("labels");
        Check("labels", seeds, [[0, 0, 0x0c, 2], [0, 0, 0x0d, 1], [0, 0, 0x0b], [0x7f, 0xff, 0xff, 0xff], [0x40, 0, 0, 0]], (mutator, seed) => mutator.Mutate(seed), bytes =>
        {
            File.WriteAllBytes(file, bytes);
            var idx = IdxFile.Read(file);
            var count = idx.Shape.Aggregate(1, (product, size) => product * size);
            return Enumerable.Range(0, count).Sum(i => (long)idx[i]) is var sum && (count > 0 || sum == 0);
        }, e => e is FileFormatException);
    }

    /// <summary>Folders of the MNIST family in their published forms, a file of which, or its name, is damaged.</summary>
    [Test]
    public void Mnist_folders()
    {
        using var forms = new DigitFolders();
        Check("mnist", forms.Seeds, [.. DigitFolders.Words.Select(Encoding.UTF8.GetBytes), [0, 0, 0x0c, 2], [0x7f, 0xff, 0xff, 0xff]], DigitFolders.Damage, forms.Reads, e => e is DataException);
    }

    [Test]
    public void Level_tables()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("levels.csv");
        Check("csv", [.. LevelTables.Select(Encoding.UTF8.GetBytes), Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(LevelTables[0])).ToArray()], [.. LevelWords.Select(Encoding.UTF8.GetBytes), [0xb5], [0xff, 0xfe]], (mutator, seed) => mutator.Mutate(seed), bytes =>
        {
            File.WriteAllBytes(file, bytes);
            // What is read is a table, in a model's file too.
            var levels = (ListedLevels)new MeasuredLevels { File = file }.Inlined();
            return levels.Build(new Length(1), lossless: true).Heights.Length >= 2 && levels.Heights.Length <= 65536;
        }, e => e is ArgumentException && e.Message.Contains(file, StringComparison.Ordinal));
    }

    [Test]
    public void Configurations()
    {
        byte[][] seeds = [.. ConfigurationFiles().Select(File.ReadAllBytes), Encoding.UTF8.GetBytes(SmallModel.Yaml)];
        using var folder = new TemporaryFolder();
        var file = folder.File("experiment.yaml");
        Check("yaml", seeds, [.. YamlWords.Select(Encoding.UTF8.GetBytes), [0xff, 0xfe], [0xc3], [0xed, 0xa0, 0x80]], (mutator, seed) => mutator.Mutate(seed), bytes =>
        {
            File.WriteAllBytes(file, bytes);
            var result = Experiment.Read(file, []);
            if (result.Value is not { } experiment)
                return result.Errors.Count == 0 ? throw new InvalidOperationException("neither a value nor an error") : false;
            // What is read can be judged, and written down so that it is read again.
            _ = experiment.Examine();
            var text = ConfigurationWriter.Write(experiment, portable: false);
            _ = ConfigurationReader.Read<Experiment>(text, "again", []).ValueOrThrow();
            return true;
        }, _ => false);
    }

    [Test]
    public void Safetensors_files()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("file.safetensors");
        Check("safetensors", [SmallTensors(file, SafetensorsFile.Write), SmallModel.Bytes()], Words(), DamageHeader, bytes =>
        {
            File.WriteAllBytes(file, bytes);
            using var scope = torch.NewDisposeScope();
            return SafetensorsFile.Read(file).Tensors.Count >= 0;
        }, e => e is FileFormatException);
    }

    [Test]
    public void Model_files()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("model.safetensors");
        // Without a seal, so that what lies behind it is reached.
        Check("model", [Old(file, SmallModel.Bytes()), Old(file, SmallModel.Bytes("quantizer={ kind: none }"))], Words(), DamageHeader, bytes =>
        {
            File.WriteAllBytes(file, bytes);
            using var model = TrainedModel.Load(file, []);
            return true;
        }, e => e is FileFormatException or ConfigurationException or DataException);

        static byte[] Old(string file, byte[] model)
        {
            File.WriteAllBytes(file, model);
            ModelFiles.MakeOld(file);
            return File.ReadAllBytes(file);
        }
    }

    [Test]
    public void Sealed_files_are_never_read_when_a_bit_has_changed()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("checkpoint.safetensors");
        var whole = SmallTensors(file, SealedFile.Write);
        Check("sealed", [whole], Words(), DamageHeader, bytes =>
        {
            File.WriteAllBytes(file, bytes);
            using var scope = torch.NewDisposeScope();
            _ = SealedFile.Read(file);
            return bytes.AsSpan().SequenceEqual(whole) ? true : throw new InvalidOperationException("a damaged file was taken for whole");
        }, e => e is FileFormatException);
    }

    private static void Check(
        string name, byte[][] seeds, byte[][] words, Func<Mutator, byte[], byte[]> damage, Func<byte[], bool> read, Func<Exception, bool> isAnswer) =>
        FuzzCheck.Run(name, InputsOfEach, seeds, words, damage, read, isAnswer);

    /// <summary>Half of the inputs keep a true length in front of the damaged header, so that its content is read.</summary>
    private static byte[] DamageHeader(Mutator mutator, byte[] whole)
    {
        if (mutator.Chance(0.5))
            return mutator.Mutate(whole);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(whole);
        var header = mutator.Mutate(whole[8..(8 + length)]);
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        return [.. prefix, .. header, .. whole[(8 + length)..]];
    }

    private static byte[] SmallTensors(string file, Action<string, IReadOnlyDictionary<string, torch.Tensor>, IReadOnlyDictionary<string, string>> write)
    {
        using var scope = torch.NewDisposeScope();
        write(
            file,
            new Dictionary<string, torch.Tensor>(StringComparer.Ordinal) { ["a"] = torch.arange(6, dtype: torch.float64).view(2, 3), ["b"] = torch.tensor((byte[])[1, 2, 3]), ["c"] = torch.zeros(0, 4) },
            new Dictionary<string, string>(StringComparer.Ordinal) { ["key"] = "text" });
        return File.ReadAllBytes(file);
    }

    private static byte[] Compressed(byte[] bytes)
    {
        var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return memory.ToArray();
    }

    private static byte[][] Words() => [.. SafetensorsWords.Select(Encoding.UTF8.GetBytes), [0, 0, 0xc0, 0x7f], [0, 0, 0x80, 0xff], [0xff]];

    private static string[] ConfigurationFiles() =>
        Checkout.Find("configs") is { } folder ? Directory.GetFiles(folder, "*.yaml", SearchOption.AllDirectories) : [];
}
