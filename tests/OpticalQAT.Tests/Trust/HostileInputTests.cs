using System.IO.Compression;
using System.Text;
using NUnit.Framework;
using OpticalQAT.Formats;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Cli;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Support;

namespace OpticalQAT.Tests.Trust;

/// <summary>Files that are made to take for ever, or all memory: a clear answer in bounded time.</summary>
public class HostileInputTests
{
    private const int Most = 1 << 20;

    private static IEnumerable<TestCaseData> Configurations()
    {
        yield return Case("nested in brackets", new string('[', 500_000), "nested deeper than 32 levels");
        yield return Case("nested in braces", "a: " + string.Concat(Enumerable.Repeat("{a: ", 100_000)), "nested deeper than 32 levels");
        yield return Case("nested by indentation", string.Concat(Enumerable.Range(0, 1000).Select(i => new string(' ', i) + "a:\n")), "nested deeper than 32 levels");
        yield return Case("aliases that explode", "a: &a [1, 1]\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{(char)('b' + i)}: &{(char)('b' + i)} [*{(char)('a' + i)}, *{(char)('a' + i)}]\n")), "stand for more than 100000 values");
        yield return Case("a key of a megabyte", new string('k', Most - 10) + ": 1", "not valid YAML");
        yield return Case("a key of a megabyte that is allowed", "? " + new string('k', Most - 10) + "\n: 1", "there is no key");
        yield return Case("a number of a megabyte", "name: a\nseed: " + new string('9', Most - 20), "'seed' must be");
        yield return Case("a hundred thousand unknown keys", string.Concat(Enumerable.Range(0, 100_000).Select(i => $"k{i}: 1\n")), "there is no key 'k0'");
        yield return Case("one key a hundred thousand times", string.Concat(Enumerable.Repeat("name: a\n", 100_000)), "'name' stands here a second time");
        yield return Case("quotes that do not end", "name: \"" + new string('a', Most - 20), "is not closed on this line; close it");
        yield return Case("more than a megabyte", new string('#', Most + 1), $"{Most} is the most that is read");
        yield return Case("nothing", "", "the file is empty");

        static TestCaseData Case(string name, string text, string problem) => new TestCaseData(Encoding.UTF8.GetBytes(text), problem).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Configurations)), CancelAfter(60_000)]
    public void A_configuration_that_is_a_bomb_is_refused(byte[] content, string problem)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("bomb.yaml");
        File.WriteAllBytes(file, content);
        var (before, allocated) = (Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());

        var result = Experiment.Read(file, []);

        Assert.That(result.Value, Is.Null);
        Assert.That(result.Errors.Select(e => e.ToString()), Has.Some.StartsWith(file + ":").And.Some.Contains(problem));
        Assert.That(result.Errors, Has.Count.LessThanOrEqualTo(101));
        Assert.That(result.Errors.Sum(e => e.Message.Length), Is.LessThan(100_000));
        Assert.That(Environment.CpuUsage.TotalTime - before, Is.LessThan(TimeSpan.FromSeconds(10)));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - allocated, Is.LessThan(1L << 30));
    }

    [TestCase(new byte[] { 0xff, 0xfe, (byte)'a', 0 }, "1:1")]
    [TestCase(new byte[] { (byte)'a', (byte)':', (byte)'\n', (byte)'b', 0xe9 }, "2:2")]
    public void Text_that_is_no_UTF_8_is_refused_where_it_begins(byte[] content, string place)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("latin.yaml"), content);
        Assert.That(Experiment.Read(folder.File("latin.yaml"), []).Errors.Single().ToString(), Is.EqualTo($"{folder.File("latin.yaml")}:{place}: this is no UTF-8 text; save the file in UTF-8"));
    }

    [Test]
    public void A_byte_order_mark_is_no_part_of_the_text()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("marked.yaml"), [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(SmallModel.Yaml)]);
        Assert.That(Experiment.Read(folder.File("marked.yaml"), []).Errors, Is.Empty);
    }

    /// <summary>Two megabytes could hold two gigabytes of zeros. They hold noise, so little is allocated.</summary>
    [Test]
    public void A_compressed_file_that_states_gigabytes_and_holds_less_takes_the_memory_of_what_it_holds()
    {
        using var folder = new TemporaryFolder();
        var noise = new byte[2_200_000];
        new Random(1).NextBytes(noise);
        using (var gzip = new GZipStream(File.Create(folder.File("images.gz")), CompressionLevel.NoCompression))
        {
            gzip.Write([0, 0, 8, 1, 0x7f, 0xff, 0xff, 0x00]);
            gzip.Write(noise);
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => IdxFile.Read(folder.File("images.gz")), Throws.TypeOf<FileFormatException>().With.Message.Contains($"ends after {noise.Length} of the"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - allocated, Is.LessThan(1 << 26));
    }

    [TestCase("layers.1.position", double.NaN, "the tensor 'layers.1.position' holds values that are no finite numbers")]
    [TestCase("layers.0.heights", double.NaN, "the tensor 'layers.0.heights' holds values that are no finite numbers")]
    [TestCase("layers.0.heights", 1e-3, "layers.0.heights are not the heights that its positions and its level table give")]
    [TestCase("layers.1.levels", 1e-3, "layers.1.heights are not the heights that its positions and its level table give")]
    public void A_model_with_other_numbers_than_ours_is_refused(string name, double value, string problem)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("m.safetensors");
        File.WriteAllBytes(file, SmallModel.Bytes());
        ModelFiles.Change(file, (tensors, _) => tensors[name].flatten()[0].fill_(value));
        Assert.That(() => TrainedModel.Load(file, []), Throws.TypeOf<FileFormatException>().With.Message.Contains(problem));
    }

    [TestCase("optics.grid.size=32", "has the shape [16, 16], but its experiment makes it [32, 32]")]
    [TestCase("model.layers=3", "the tensor 'layers.2.position' is missing")]
    [TestCase("model.mask.material_index=1", "model.mask.material_index: material and medium have the same index 1")]
    public void A_model_of_another_geometry_is_refused(string overridden, string problem)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("m.safetensors"), SmallModel.Bytes());
        Assert.That(() => TrainedModel.Load(folder.File("m.safetensors"), [overridden]), Throws.TypeOf<FileFormatException>().With.Message.Contains(problem));
    }

    /// <summary>One sentence and no stack, whatever the file.</summary>
    [Test]
    public void The_command_answers_damaged_files_with_a_sentence()
    {
        using var tiny = new TinyExperiment();
        File.WriteAllBytes(Path.Combine(tiny.Folder, "bad.safetensors"), [255, 255, 255, 255, 255, 255, 255, 127, 1]);
        File.WriteAllBytes(Path.Combine(tiny.Folder, "bad.yaml"), [0xff, 0xfe, 0]);
        AssertRefused(tiny.Run("evaluate", "bad.safetensors"), "allows 100000000: this is not a safetensors file");
        AssertRefused(tiny.Run("train", "bad.yaml"), "bad.yaml:1:1: this is no UTF-8 text");

        static void AssertRefused(CommandResult result, string problem)
        {
            Assert.That(result.ExitCode, Is.EqualTo(2), result.Errors);
            Assert.That(result.Errors, Does.Contain(problem).And.Not.Contain("   at "));
        }
    }
}
