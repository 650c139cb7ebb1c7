using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Formats;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Support;
using OpticalQAT.Tests.Trust;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Models;

/// <summary>A model's file is what was written, or it is refused; and its texts make the program do nothing that its user has not asked for.</summary>
public sealed class ModelSealTests
{
    private TemporaryFolder _folder = null!;
    private string _file = null!;

    [SetUp]
    public void Save()
    {
        _folder = new TemporaryFolder();
        _file = _folder.File("m.safetensors");
        File.WriteAllBytes(_file, SmallModel.Bytes());
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    /// <summary>Every byte of the header, and one in seven of the numbers: what is read at all is what was written.</summary>
    [Test]
    public void A_changed_byte_is_noticed_or_changes_nothing()
    {
        var whole = File.ReadAllBytes(_file);
        var content = Content(_file);
        var header = 8 + (int)BitConverter.ToInt64(whole);
        var (refused, same) = (0, 0);
        foreach (var at in Enumerable.Range(0, whole.Length).Where(at => at < header || at % 7 == 0))
        {
            var bytes = (byte[])whole.Clone();
            bytes[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(_file, bytes);
            if (IsRefused(_file))
                refused++;
            else
                Assert.That(Content(_file), Is.EqualTo(content), $"byte {at}: {++same}");
        }
        Assert.That(refused, Is.GreaterThan(header));
        TestContext.Out.WriteLine($"{refused} refused, {same} read as what was written");
    }

    [Test]
    public void One_digit_of_the_experiment_is_enough()
    {
        ModelFiles.ChangeUnsealed(_file, (_, texts) => texts["experiment"] = texts["experiment"].Replace("input: 6 mm", "input: 7 mm", StringComparison.Ordinal));
        AssertRefused("its seal is broken: what it says is not what was written, so the file was changed or is damaged; take a copy that is whole, or train again");
    }

    [Test]
    public void A_seal_that_was_taken_off_is_missed()
    {
        ModelFiles.ChangeUnsealed(_file, (_, texts) => texts.Remove("digest"));
        AssertRefused("its metadata lack the key 'digest', the seal that every model of format 2 has: the file was changed after it was written, or is damaged; take a copy that is whole");
    }

    [Test]
    public void The_version_cannot_be_taken_back_to_get_past_the_seal()
    {
        ModelFiles.ChangeUnsealed(_file, (_, texts) => texts["opticalqat"] = "1");
        AssertRefused("its seal is broken: what it says is not what was written, so the file was changed or is damaged; take a copy that is whole, or train again");
    }

    [TestCase("4", "it is a model of format 4, and this program reads formats 1 to 3: a newer OpticalQAT wrote it, and a newer one is needed to read it")]
    [TestCase("two", "its metadata give the format of the model as 'two', which never was one: the file was changed, or is damaged")]
    public void Another_format_is_said_to_be_that(string version, string message)
    {
        ModelFiles.ChangeUnsealed(_file, (_, texts) => texts["opticalqat"] = version);
        AssertRefused(message);
    }

    [Test]
    public void A_model_of_before_the_seal_is_read_and_that_is_said()
    {
        ModelFiles.MakeOld(_file);
        List<string> notes = [];
        using var model = TrainedModel.Load(_file, [], notes.Add);
        Assert.That(notes, Is.EqualTo((string[])[$"{_file}: an earlier version wrote this model, without a seal: whether it was changed since cannot be seen."]));
        Assert.That(model.ClassNames, Is.Null);
        model.Save(_file);
        notes.Clear();
        using var again = TrainedModel.Load(_file, [], notes.Add);
        Assert.That(notes, Is.Empty);
    }

    /// <summary>Sealed by whoever means to deceive: a path in the texts is not followed, whatever stands there.</summary>
    [TestCase("dataset:\n    kind: glyphs", "dataset:\n    kind: image_folder\n    folder: PLACE", "'task.dataset.folder' is a path on a machine, and no such path is taken from here")]
    [TestCase("training:\n", "training:\n  start_from: PLACE\n", "'training.start_from' is a path on a machine, and no such path is taken from here")]
    [TestCase("output:\n", "output:\n  folder: PLACE\n", "'output.folder' is a path on a machine, and no such path is taken from here")]
    [TestCase("levels:\n    kind: cyclic\n    count: 4", "levels:\n    kind: measured\n    file: PLACE", "'quantizer.levels.file' is a path on a machine, and no such path is taken from here")]
    public void A_path_in_the_texts_is_refused(string before, string after, string message)
    {
        var place = _folder.File("secret");
        File.WriteAllText(place, "level,height_um\n0,0\n1,300\n");
        ModelFiles.Change(_file, (_, texts) => texts["experiment"] = Replaced(texts["experiment"], before, after.Replace("PLACE", place, StringComparison.Ordinal)));
        Assert.That(() => TrainedModel.Load(_file, []), Throws.TypeOf<ConfigurationException>().With.Message.StartsWith($"{_file} (metadata):").And.Message.Contains(message));
    }

    [Test]
    public void A_level_table_in_a_file_that_is_not_named_is_refused()
    {
        ModelFiles.Change(_file, (_, texts) => texts["experiment"] = Replaced(texts["experiment"], "levels:\n    kind: cyclic\n    count: 4", "levels:\n    kind: measured"));
        AssertRefused("its experiment needs the file 'quantizer.levels.file', and a model does without any: it was changed, or something else wrote it");
    }

    [Test]
    public void A_file_alone_draws_no_million_examples_but_its_user_may()
    {
        ModelFiles.Change(_file, (_, texts) => texts["experiment"] = Replaced(texts["experiment"], "test_count: 10", "test_count: 1000000"));
        using var model = TrainedModel.Load(_file, []);
        Assert.That(() => model.LoadData(Splits.Test), Throws.TypeOf<DataException>().With.Message.EqualTo(
            "the model's file asks for 1000000 test examples to be drawn, 784 million pixels, and a file alone may ask for 102 million; if so many are meant, say so with task.dataset.test_count=1000000, otherwise name fewer"));
        // What is not wanted is not counted.
        using (var validation = model.LoadData(Splits.Validation))
            Assert.That(validation.Validation.Count, Is.EqualTo(10));
        using var fewer = TrainedModel.Load(_file, ["task.dataset.test_count=12"]);
        using (var test = fewer.LoadData(Splits.Test))
            Assert.That(test.Test.Count, Is.EqualTo(12));
        using var named = TrainedModel.Load(_file, ["task.dataset.test_count=1000000"]);
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.That(() => named.LoadData(Splits.Test, stopped.Token), Throws.InstanceOf<OperationCanceledException>(), "asked for by the user, it would be drawn");
    }

    /// <summary>Whatever is drawn by a description alone is bounded: a new kind that needs no file must say how much it draws.</summary>
    [TestCaseSource(nameof(Kinds))]
    public void Every_kind_says_what_it_draws(DatasetKind kind)
    {
        var isRead = RecordShape.Of(kind.GetType()).Keys.Any(key => key.IsLocalPath);
        Assert.That(kind.IsDrawn, Is.EqualTo(!isRead), kind.GetType().Name);
        if (isRead)
            return;
        foreach (var split in new[] { Splits.Train, Splits.Validation, Splits.Test })
        {
            var drawn = kind.Outline(new DataRequest(split)).Splits.Single();
            Assert.That(drawn.What, Is.EqualTo(split));
            Assert.That(drawn.Split.Count * drawn.Split.Height * drawn.Split.Width, Is.GreaterThan(0), $"{kind.GetType().Name}, {split}");
        }
    }

    [Test]
    public void Planes_larger_than_the_memory_are_refused_with_both_numbers()
    {
        Assume.That(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, Is.LessThan(516L << 30));
        // The masks are as before, in the middle of a plane of 16384 samples.
        ModelFiles.Change(_file, (_, texts) => texts["experiment"] = Replaced(Replaced(texts["experiment"], "size: 16", "size: 16384"), "padding: 2", "padding: 16")
            .Replace("    material_index: 1.7227", "    size: 12 mm\n    material_index: 1.7227", StringComparison.Ordinal).Replace("    size: null\n", "", StringComparison.Ordinal));
        Assert.That(() => TrainedModel.Load(_file, []), Throws.TypeOf<DataException>().With.Message.StartsWith(
            "the model has planes of 16384×16384 samples, padded to 262144×262144; one image would take 516 GiB of memory, and there are "));
    }

    private static IEnumerable<DatasetKind> Kinds() => Support.Kinds.Of<DatasetKind>();

    private static string Replaced(string text, string before, string after)
    {
        Assert.That(text, Does.Contain(before));
        return text.Replace(before, after, StringComparison.Ordinal);
    }

    private static bool IsRefused(string file)
    {
        try
        {
            using var model = TrainedModel.Load(file, []);
            return false;
        }
        catch (FileFormatException)
        {
            return true;
        }
    }

    /// <summary>All that a file says, without its layout.</summary>
    private static string Content(string file)
    {
        using var scope = NewDisposeScope();
        var stored = SafetensorsFile.Read(file);
        return ContentDigest.Of(stored.Tensors, stored.Metadata);
    }

    private void AssertRefused(string message) =>
        Assert.That(() => TrainedModel.Load(_file, []), Throws.TypeOf<FileFormatException>().With.Message.EqualTo($"{_file}: {message}"));
}
