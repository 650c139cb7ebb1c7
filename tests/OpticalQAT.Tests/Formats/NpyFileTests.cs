using System.Text;
using NUnit.Framework;
using OpticalQAT.Formats;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Support;
using TorchSharp;

namespace OpticalQAT.Tests.Formats;

public class NpyFileTests
{
    private static readonly torch.ScalarType[] Types =
    [
        torch.ScalarType.Bool, torch.ScalarType.Byte, torch.ScalarType.Int32, torch.ScalarType.Int64, torch.ScalarType.Float32,
        torch.ScalarType.Float64, torch.ScalarType.ComplexFloat32, torch.ScalarType.ComplexFloat64, torch.ScalarType.Float16, torch.ScalarType.Int8, torch.ScalarType.Int16,
    ];

    private static readonly double[] RealAndImaginary = [1, 10, 2, 20, 3, 30, 4, 40];

    private static readonly long[][] Shapes = [[], [1], [5], [2, 3], [2, 1, 4], [0, 3]];

    [Test, Combinatorial]
    public void A_tensor_comes_back([ValueSource(nameof(Types))] torch.ScalarType type, [ValueSource(nameof(Shapes))] long[] shape)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        var tensor = (torch.randn(shape) * 50).abs().to(type);
        NpyFile.Write(folder.File("a.npy"), tensor);
        var read = NpyFile.Read(folder.File("a.npy"));
        Assert.That(read.dtype, Is.EqualTo(type));
        Assert.That(read.shape, Is.EqualTo(shape));
        Assert.That(read.equal(tensor).all().item<bool>());
    }

    [Test]
    public void The_bytes_are_those_that_numpy_writes()
    {
        using var folder = new TemporaryFolder();
        using var tensor = torch.tensor(new byte[] { 7, 8 });
        NpyFile.Write(folder.File("a.npy"), tensor);
        Assert.That(File.ReadAllBytes(folder.File("a.npy")), Is.EqualTo(Build(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }".PadRight(117) + "\n", [7, 8])));
    }

    [Test]
    public void Fortran_order_is_turned_into_C_order()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.npy"), Build(1, "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }\n", [1, 4, 2, 5, 3, 6]));
        using var read = NpyFile.Read(folder.File("a.npy"));
        Assert.That(read.is_contiguous());
        Assert.That(read.shape, Is.EqualTo(new[] { 2L, 3 }));
        Assert.That(read.data<byte>().ToArray(), Is.EqualTo(new byte[] { 1, 2, 3, 4, 5, 6 }));
    }

    /// <summary>A byte that is neither 0 nor 1 is no truth value to torch, and true to numpy.</summary>
    [Test]
    public void Truth_values_are_0_and_1_whatever_their_bytes()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.npy"), Build(1, "{'descr': '|b1', 'fortran_order': False, 'shape': (4,), }\n", [0, 1, 2, 255]));
        using var read = NpyFile.Read(folder.File("a.npy"));
        Assert.That(read.bytes.ToArray(), Is.EqualTo(new byte[] { 0, 1, 1, 1 }));
    }

    private static IEnumerable<TestCaseData> EveryType() => NumpyArrays.Every().Select(array => new TestCaseData(array.Descr, array.Bytes).SetArgDisplayNames(array.Descr));

    [TestCaseSource(nameof(EveryType))]
    public void Numbers_of_every_type_are_read_in_either_order_of_bytes(string descr, byte[] bytes)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.npy"), bytes);
        var read = NpyFile.Read(folder.File("a.npy"));
        Assert.That(read.shape, Is.EqualTo(new[] { 2L, 3 }));
        Assert.That(read.to(torch.ScalarType.Float64).data<double>().ToArray(), Is.EqualTo(NumpyArrays.Numbers.Select(number => descr is "|b1" ? Math.Sign(number) : number)));
    }

    [TestCase("<u2", 65535.0)]
    [TestCase(">u4", 4294967295.0)]
    [TestCase(">i2", -2.0)]
    [TestCase("|i1", -128.0)]
    [TestCase(">f2", -1.5)]
    [TestCase("<f2", 65504.0)]
    [TestCase(">f4", -3.25e30f)]
    public void The_ends_of_the_types_are_read(string descr, double number)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.npy"), NumpyArrays.File(descr, "1,", NumpyArrays.Element(descr, number)));
        using var read = NpyFile.Read(folder.File("a.npy")).to(torch.ScalarType.Float64);
        Assert.That(read.item<double>(), Is.EqualTo(number));
    }

    [Test]
    public void Complex_numbers_of_big_endian_bytes_are_read_in_Fortran_order_too()
    {
        using var folder = new TemporaryFolder();
        byte[] data = [.. RealAndImaginary.SelectMany(number => NumpyArrays.Element(">f4", number))];
        File.WriteAllBytes(folder.File("a.npy"), NumpyArrays.File(">c8", "2, 2", data, isFortran: true));
        using var read = NpyFile.Read(folder.File("a.npy"));
        Assert.That(read.real.flatten().data<float>().ToArray(), Is.EqualTo((float[])[1, 3, 2, 4]));
        Assert.That(read.imag.flatten().data<float>().ToArray(), Is.EqualTo((float[])[10, 30, 20, 40]));
    }

    [Test]
    public void Whole_numbers_that_have_no_place_in_63_bits_are_refused() =>
        AssertRefused(NumpyArrays.File(">u8", "1,", [0x80, 0, 0, 0, 0, 0, 0, 0]), "it holds whole numbers above 9223372036854775807, which are not read. Write it by array.astype('<f8').");

    [Test]
    public void More_dimensions_than_NumPy_has_are_refused() =>
        AssertRefused(NumpyArrays.File("|u1", string.Concat(Enumerable.Repeat("1,", 65)), [1]), "it has 65 dimensions; at most 64 are possible");

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void All_versions_are_read(byte version)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.npy"), Build(version, "{'shape': (), 'fortran_order': False, 'descr': '|u1'}", [9]));
        using var read = NpyFile.Read(folder.File("a.npy"));
        Assert.That(read.item<byte>(), Is.EqualTo(9));
    }

    [TestCase(4, "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }", "version 4")]
    [TestCase(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (4,), }", "does not fill the 3 bytes")]
    [TestCase(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", "does not fill the 3 bytes")]
    [TestCase(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", "does not fill")]
    [TestCase(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), }", "no number")]
    [TestCase(1, "{'descr': '<f16', 'fortran_order': False, 'shape': (), }", "array.astype('<f8')")]
    [TestCase(1, "{'descr': '|O', 'fortran_order': False, 'shape': (3,), }", "elements of type |O are not read; write the array as one of b1, u1, u2, u4, u8, i1, i2, i4, i8, f2, f4, f8, c8, c16, for instance by array.astype('<f8').")]
    [TestCase(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (0, 9223372036854775807), }", "does not fill the 3 bytes")]
    [TestCase(1, "{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (3,), }", "Arrays with fields")]
    [TestCase(1, "{'descr': '|u1', 'descr': '|u1', 'shape': (3,), }", "not understood")]
    [TestCase(1, "{'descr': '|u1', 'fortran_order': False}", "not understood")]
    [TestCase(1, "", "not understood")]
    public void Other_headers_are_refused(byte version, string header, string problem) => AssertRefused(Build(version, header, [1, 2, 3]), problem);

    [TestCase(0, "does not begin")]
    [TestCase(7, "does not begin")]
    [TestCase(9, "inside its header")]
    [TestCase(30, "inside its header")]
    [TestCase(68, "cut off")]
    public void A_file_that_is_cut_off_is_refused(int length, string problem) =>
        AssertRefused(Build(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }", [1, 2, 3])[..length], problem);

    [Test]
    public void A_header_length_out_of_all_proportion_is_refused() =>
        AssertRefused([0x93, .. "NUMPY"u8, 2, 0, 0xff, 0xff, 0xff, 0xff], "the file is damaged");

    [Test]
    public void The_arrays_that_numpy_wrote_come_back_byte_for_byte()
    {
        var golden = Checkout.FindShared("golden") ?? throw new IgnoreException("The folder of golden numbers is not here.");
        using var folder = new TemporaryFolder();
        var files = Directory.GetFiles(golden, "*.npy");
        Assert.That(files, Is.Not.Empty);
        foreach (var file in files)
        {
            using var tensor = NpyFile.Read(file);
            NpyFile.Write(folder.File("a.npy"), tensor);
            Assert.That(File.ReadAllBytes(folder.File("a.npy")).AsSpan().SequenceEqual(File.ReadAllBytes(file)), file);
        }
    }

    private static byte[] Build(byte version, string header, byte[] data)
    {
        var text = Encoding.ASCII.GetBytes(header);
        byte[] length = [(byte)text.Length, (byte)(text.Length >> 8)];
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. version == 1 ? Array.Empty<byte>() : [0, 0], .. text, .. data];
    }

    private static void AssertRefused(byte[] bytes, string problem)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.npy"), bytes);
        Assert.That(
            () => NpyFile.Read(folder.File("a.npy")),
            Throws.TypeOf<FileFormatException>().With.Message.StartsWith(folder.File("a.npy") + ": ").And.Message.Contains(problem));
    }
}
