using NUnit.Framework;
using OpticalQAT.Data;
using OpticalQAT.Formats;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Trust;
using OpticalQAT.Training;

namespace OpticalQAT.Tests.Runs;

public class CheckpointTests
{
    private readonly List<string> _notes = [];

    [SetUp]
    public void Clear() => _notes.Clear();

    [Test]
    public void What_is_written_is_read_back_to_the_bit()
    {
        using var folder = new TemporaryFolder();
        Write(folder, step: 7, epoch: 3);
        var read = Checkpoint.ReadNewest(folder.Path, _notes.Add)!;
        Assert.That((read.Progress.Phase, read.Progress.Epoch, read.Progress.Step, read.Progress.LossSum), Is.EqualTo(("quantized", 3, 2, 0.1 + 0.2)));
        Assert.That(read.Progress.BestValidation!["accuracy"], Is.EqualTo(1 / 3.0));
        Assert.That(read.Optimizer, Is.EqualTo((byte[])[1, 2, 3]));
        Assert.That(read.Best!.Tensors.Keys, Is.EquivalentTo(read.Current.Tensors.Keys));
        using var state = State();
        Assert.That(read.Current.Tensors.Keys, Is.EquivalentTo(state.Tensors.Keys));
        foreach (var (name, tensor) in state.Tensors)
            Assert.That(read.Current.Tensors[name].bytes.ToArray(), Is.EqualTo(tensor.bytes.ToArray()), name);
        Assert.That(_notes, Is.Empty);
    }

    [Test]
    public void The_last_two_are_kept()
    {
        using var folder = new TemporaryFolder();
        for (var step = 8; step < 12; step++)
            Write(folder, step, step);
        Assert.That(Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal), Is.EqualTo((string[])["000000010.safetensors", "000000011.safetensors"]));
    }

    /// <summary>Wherever the bit lies: length, header, tensors or checksum.</summary>
    [Test]
    public void A_flipped_bit_anywhere_sets_the_newest_aside_and_the_one_before_it_is_used()
    {
        using var folder = new TemporaryFolder();
        Write(folder, step: 1, epoch: 1);
        Write(folder, step: 2, epoch: 2);
        var newest = folder.File("000000002.safetensors");
        var whole = File.ReadAllBytes(newest);
        for (var i = 0; i < 60; i++)
        {
            _notes.Clear();
            var bytes = (byte[])whole.Clone();
            bytes[(int)((bytes.Length - 1L) * i / 59)] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(newest, bytes);
            Assert.That(Checkpoint.ReadNewest(folder.Path, _notes.Add)!.Progress.Epoch, Is.EqualTo(1));
            Assert.That(_notes, Has.Exactly(1).Items.And.All.StartsWith($"The checkpoint {newest} is damaged and not used ("));
            Assert.That(File.ReadAllBytes(newest + ".damaged"), Is.EqualTo(bytes));
            Assert.That(File.Exists(newest), Is.False);
        }
    }

    [TestCase(0)]
    [TestCase(31)]
    [TestCase(1000)]
    public void Of_files_that_are_cut_off_nothing_is_used_and_that_is_said(int length)
    {
        using var folder = new TemporaryFolder();
        Write(folder, step: 1, epoch: 1);
        using (var file = File.OpenWrite(folder.File("000000001.safetensors")))
            file.SetLength(length);
        Assert.That(Checkpoint.ReadNewest(folder.Path, _notes.Add), Is.Null);
        Assert.That(_notes, Has.Exactly(2).Items);
        Assert.That(_notes[1], Is.EqualTo("No checkpoint can be used: the run starts from its beginning."));
    }

    [Test]
    public void Where_there_is_none_nothing_is_said()
    {
        using var folder = new TemporaryFolder();
        Assert.That(Checkpoint.ReadNewest(folder.File("none"), _notes.Add), Is.Null);
        Assert.That(_notes, Is.Empty);
    }

    /// <summary>Whole, but of another time: it is neither used nor set aside as damaged, nor is one before it that could be read.</summary>
    [TestCase("4", "a newer version of OpticalQAT wrote this checkpoint (format 4, this one reads 3)")]
    [TestCase("2", "an older version of OpticalQAT wrote this checkpoint (format 2, this one reads 3)")]
    [TestCase(null, "an older version of OpticalQAT wrote this checkpoint (format 1, this one reads 3)")]
    public void One_of_another_version_is_said_to_be_that_and_left_as_it_is(string? version, string message)
    {
        using var folder = new TemporaryFolder();
        Write(folder, step: 1, epoch: 1);
        Write(folder, step: 2, epoch: 2);
        var newest = folder.File("000000002.safetensors");
        using (TorchSharp.torch.NewDisposeScope())
        {
            var stored = SealedFile.Read(newest);
            // Of another time in earnest: it says other things of the run as well.
            Dictionary<string, string> texts = new(StringComparer.Ordinal) { ["progress"] = "{\"phase\":\"another\"}" };
            if (version is not null)
                texts.Add("format", version);
            SealedFile.Write(newest, stored.Tensors, texts);
        }
        var before = File.ReadAllBytes(newest);

        Assert.That(() => Checkpoint.ReadNewest(folder.Path, _notes.Add), Throws.TypeOf<RunDirectoryException>().With.Message.EqualTo(
            $"{newest}: {message}. It is whole, and left as it is. Go on with the run in the version that began it, or start a new run of its config.yaml."));
        Assert.That(_notes, Is.Empty);
        Assert.That(File.ReadAllBytes(newest), Is.EqualTo(before));
        Assert.That(Directory.GetFiles(folder.Path), Has.Exactly(2).Items);
    }

    [Test]
    public void One_of_this_version_that_lacks_a_field_is_damaged()
    {
        using var folder = new TemporaryFolder();
        Write(folder, step: 1, epoch: 1);
        var file = folder.File("000000001.safetensors");
        using (TorchSharp.torch.NewDisposeScope())
            SealedFile.Write(file, SealedFile.Read(file).Tensors, new Dictionary<string, string>(StringComparer.Ordinal) { ["format"] = "3", ["progress"] = "{}" });
        Assert.That(Checkpoint.ReadNewest(folder.Path, _notes.Add), Is.Null);
        Assert.That(_notes[0], Does.StartWith($"The checkpoint {file} is damaged and not used (").And.EndWith("it is kept as 000000001.safetensors.damaged."));
    }

    /// <summary>Copies drop empty folders; but where the run itself is gone, no part of it is made again.</summary>
    [Test]
    public void A_missing_folder_is_made_where_the_run_is_there()
    {
        using var folder = new TemporaryFolder();
        Write(folder.File("checkpoints"), step: 1, epoch: 1);
        Assert.That(Checkpoint.ReadNewest(folder.File("checkpoints"), _notes.Add)!.Progress.Epoch, Is.EqualTo(1));
        Assert.That(() => Write(folder.File("gone/checkpoints"), step: 1, epoch: 1), Throws.InstanceOf<DirectoryNotFoundException>());
        Assert.That(Directory.Exists(folder.File("gone")), Is.False);
    }

    private static void Write(TemporaryFolder folder, int step, int epoch) => Write(folder.Path, step, epoch);

    private static void Write(string folder, int step, int epoch)
    {
        using var state = State();
        var progress = new RunProgress
        {
            Configuration = "c",
            Data = new DataDigest(new(1, "a"), new(1, "b"), new(1, "c"), []),
            Phase = "quantized",
            Epoch = epoch,
            Step = 2,
            LossSum = 0.1 + 0.2,
            EpochSeconds = 1,
            Seconds = 2,
            BestValidation = new(StringComparer.Ordinal) { ["accuracy"] = 1 / 3.0 },
            Epochs = [],
        };
        new Checkpoint(progress, state, state, [1, 2, 3]).Write(folder, step);
    }

    private static ModelState State()
    {
        var experiment = SmallModel.With();
        using var generator = new TorchSharp.torch.Generator(1);
        using var network = experiment.Model.Build(experiment.Optics, experiment.Levels, generator);
        using var task = experiment.Task.Build(experiment.Optics);
        return ModelState.Of(network, task);
    }
}
