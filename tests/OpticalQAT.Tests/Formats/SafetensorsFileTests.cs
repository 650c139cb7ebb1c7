using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using NUnit.Framework;
using OpticalQAT.Formats;
using OpticalQAT.Tests.Runtime;
using TorchSharp;

namespace OpticalQAT.Tests.Formats;

public class SafetensorsFileTests
{
    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal) { ["kind"] = "\"mask\" µm", ["a"] = "" };

    [Test]
    public void Every_type_comes_back_bit_for_bit()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        var tensors = Tensors();
        SafetensorsFile.Write(folder.File("m"), tensors, Texts);
        var read = SafetensorsFile.Read(folder.File("m"));
        Assert.That(read.Metadata, Is.EquivalentTo(Texts));
        Assert.That(SafetensorsFile.ReadMetadata(folder.File("m")), Is.EquivalentTo(Texts));
        Assert.That(read.Tensors.Keys, Is.EquivalentTo(tensors.Keys));
        foreach (var (name, tensor) in tensors)
        {
            Assert.That(read.Tensors[name].dtype, Is.EqualTo(tensor.dtype), name);
            Assert.That(read.Tensors[name].shape, Is.EqualTo(tensor.shape), name);
            Assert.That(tensor.equal(read.Tensors[name]).all().item<bool>(), name);
        }
    }

    [Test]
    public void The_same_content_gives_the_same_bytes_in_any_order()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        var tensors = Tensors();
        SafetensorsFile.Write(folder.File("1"), tensors, Texts);
        SafetensorsFile.Write(folder.File("2"), tensors.Reverse().ToDictionary(StringComparer.Ordinal), Texts.Reverse().ToDictionary(StringComparer.Ordinal));
        var bytes = File.ReadAllBytes(folder.File("1"));
        Assert.That(File.ReadAllBytes(folder.File("2")).AsSpan().SequenceEqual(bytes));
        Assert.That(BinaryPrimitives.ReadInt64LittleEndian(bytes) % 8, Is.Zero, "the data are not aligned");
    }

    [Test]
    public void The_bytes_are_those_of_the_format()
    {
        using var folder = new TemporaryFolder();
        using var tensor = torch.tensor((float[])[1f, 2f]);
        SafetensorsFile.Write(folder.File("m"), new Dictionary<string, torch.Tensor>(StringComparer.Ordinal) { ["x"] = tensor });
        Assert.That(File.ReadAllBytes(folder.File("m")), Is.EqualTo(Build("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}  """, [0, 0, 0x80, 0x3f, 0, 0, 0, 0x40])));
    }

    [Test]
    public void Views_are_written_as_what_they_show()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        var matrix = torch.arange(6, dtype: torch.float32).reshape(2, 3);
        var complex = torch.complex(matrix, matrix + 1).requires_grad_();
        SafetensorsFile.Write(folder.File("m"), new Dictionary<string, torch.Tensor>(StringComparer.Ordinal)
        {
            ["transposed"] = matrix.t(),
            ["conjugate"] = complex.conj(),
            ["expanded"] = matrix[0].expand(4, 3),
        });
        var read = SafetensorsFile.Read(folder.File("m")).Tensors;
        Assert.That(read["transposed"].equal(matrix.t()).all().item<bool>());
        Assert.That(read["conjugate"].equal(complex.conj()).all().item<bool>());
        Assert.That(read["expanded"].equal(matrix[0].expand(4, 3)).all().item<bool>());
    }

    [Test]
    public void A_type_that_the_format_lacks_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var tensor = torch.zeros(2, dtype: torch.complex128);
        Assert.That(
            () => SafetensorsFile.Write(folder.File("m"), new Dictionary<string, torch.Tensor>(StringComparer.Ordinal) { ["x"] = tensor }),
            Throws.ArgumentException.With.Message.Contains("ComplexFloat64"));
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }

    [TestCase("""{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", "which has 3: the file is cut off")]
    [TestCase("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", "bytes that belong to none")]
    [TestCase("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", "leave a hole")]
    [TestCase("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"y":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", "overlap")]
    [TestCase("""{"x":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"y":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", "overlap")]
    [TestCase("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"x":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}""", "not valid JSON")]
    [TestCase("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,3]}}""", "does not fill the 3 bytes")]
    [TestCase("""{"x":{"dtype":"U8","shape":[3],"data_offsets":[3,0]}}""", "not before it")]
    [TestCase("""{"x":{"dtype":"U8","shape":[3],"data_offsets":[0]}}""", "not before it")]
    [TestCase("""{"x":{"dtype":"U8","shape":[-3],"data_offsets":[0,3]}}""", "whole numbers")]
    [TestCase("""{"x":{"dtype":"U8","shape":[1.5],"data_offsets":[0,3]}}""", "whole numbers")]
    [TestCase("""{"x":{"dtype":"U8","shape":["3"],"data_offsets":[0,3]}}""", "whole numbers")]
    [TestCase("""{"x":{"dtype":"U8","data_offsets":[0,3]}}""", "shape must be")]
    [TestCase("""{"x":{"dtype":"U8","shape":[4294967296,4294967296,3],"data_offsets":[0,3]}}""", "does not fill")]
    [TestCase("""{"x":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,3]}}""", "does not fill")]
    [TestCase("""{"x":{"dtype":"Q4","shape":[3],"data_offsets":[0,3]}}""", "dtype Q4 is not known")]
    [TestCase("""{"x":{"shape":[3],"data_offsets":[0,3]}}""", "does not state its dtype")]
    [TestCase("""{"x":3}""", "does not state its dtype")]
    [TestCase("""{"__metadata__":{"a":1},"x":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", "\"a\" is no text")]
    [TestCase("""{"__metadata__":[],"x":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", "no JSON object")]
    [TestCase("""["x"]""", "does not begin with '{'")]
    [TestCase("""{"x":""", "not valid JSON")]
    [TestCase("", "does not begin with '{'")]
    public void A_header_that_breaks_a_rule_is_refused(string header, string problem) => AssertRefused(Build(header, [1, 2, 3]), problem);

    [Test]
    public void Lengths_beyond_the_file_or_the_format_are_refused()
    {
        AssertRefused([1, 2, 3], "too few");
        AssertRefused([200, 0, 0, 0, 0, 0, 0, 0, .. "{}"u8], "only 2 follow");
        AssertRefused([0, 0, 0, 0, 0, 0, 0, 0x80, .. "{}"u8], "the format allows");
    }

    [Test]
    public void Damage_half_way_leaves_no_tensor_behind()
    {
        using var folder = new TemporaryFolder();
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        File.WriteAllBytes(folder.File("m"), Build("""{"x":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", [1, 2, 3]));
        using (torch.NewDisposeScope())
            Assert.That(SafetensorsFile.Read(folder.File("m")).Tensors, Has.Count.EqualTo(1));
        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(live));
    }

    [Test]
    public void An_independent_reader_agrees()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        SafetensorsFile.Write(folder.File("m"), Tensors(), Texts);
        Assert.That(RunChecker(folder.File("m"), out var output), Is.Zero, output);
        Assert.That(output, Does.Contain("height\tF64\t[2, 3]").And.Contain("kind = \"mask\" µm"));

        File.WriteAllBytes(folder.File("m"), File.ReadAllBytes(folder.File("m"))[..^1]);
        Assert.That(RunChecker(folder.File("m"), out _), Is.EqualTo(1));
    }

    private static Dictionary<string, torch.Tensor> Tensors() => new(StringComparer.Ordinal)
    {
        ["level"] = torch.tensor((byte[])[3, 0, 255]),
        ["height"] = torch.randn(2, 3, dtype: torch.float64),
        ["index"] = torch.tensor((long[])[long.MinValue, 1]),
        ["dead"] = torch.tensor((bool[])[true, false, true]),
        ["scale"] = torch.tensor(0.1f),
        ["empty"] = torch.empty(0, 5),
        ["field"] = torch.randn(3, 2, dtype: torch.complex64),
        ["step"] = torch.tensor((int[])[-7]),
        ["half"] = torch.tensor((float[])[0.5f, 3f]).to(torch.float16),
        ["brain"] = torch.tensor((float[])[0.5f, 3f, 1f]).to(torch.bfloat16),
        ["small"] = torch.tensor((sbyte[])[-1]),
        ["short"] = torch.tensor((short[])[-300]),
    };

    private static byte[] Build(string header, byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, 8);
        return [.. bytes, .. data];
    }

    private static void AssertRefused(byte[] bytes, string problem)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("m.safetensors"), bytes);
        Assert.That(
            () => SafetensorsFile.Read(folder.File("m.safetensors")),
            Throws.TypeOf<FileFormatException>().With.Message.StartsWith(folder.File("m.safetensors") + ": ").And.Message.Contains(problem));
    }

    private static int RunChecker(string path, out string output)
    {
        var script = Checkout.Find("scripts/check-safetensors.py") ?? throw new IgnoreException("The tests do not run inside a checkout.");
        try
        {
            using var process = Process.Start(new ProcessStartInfo("python3", ["-X", "utf8", script, path]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            output = process.StandardOutput.ReadToEnd() + errors.Result;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new IgnoreException("There is no python3 here.", e);
        }
    }
}
