using NUnit.Framework;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using OpticalQAT.Reports;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Reports;
using OpticalQAT.Training;
using OpticalQAT.Units;
using Tensorboard;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Runs;

public sealed class EventLogTests
{
    private static readonly long[] BothSteps = [10, 20];

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("opticalqat-events-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    // The check value of CRC-32C in the catalogue of parametrised CRC algorithms.
    [Test]
    public void The_checksum_of_the_tests_is_the_right_one() =>
        Assert.That(TensorBoardRecords.Crc32C("123456789"u8), Is.EqualTo(0xE3069283));

    [Test]
    public void Numbers_histograms_and_figures_are_read_back()
    {
        using var mask = Mask([0, 1, 1, 3, 3, 3, 0, 1, 3]);
        var png = FigureSet.Draw(SampleReport.Full())["curves.png"];
        var log = new EventLog(_folder, []);
        log.Write(Epoch(10, accuracy: 0.75));
        log.WriteHeights(10, mask);
        log.WriteFigure(20, "curves", png);

        var events = TensorBoardRecords.Read(Directory.GetFiles(_folder, "events.out.tfevents.*").Single());

        Assert.That(events[0].FileVersion, Is.EqualTo("brain.Event:2"));
        var scalars = events[1].Summary.Value.ToDictionary(v => v.Tag, v => v.SimpleValue, StringComparer.Ordinal);
        Assert.That(scalars["validation/accuracy"], Is.EqualTo(0.75f));
        Assert.That(scalars["loss/train"], Is.EqualTo(0.5f));
        Assert.That(events[1].Step, Is.EqualTo(10));
        var heights = events[2].Summary.Value.Single();
        var step = 750 / 0.7227 / 4;
        Assert.That(heights.Tag, Is.EqualTo("heights_um/layer_1"));
        Assert.That(heights.Histo.Bucket, Is.EqualTo((double[])[2, 3, 0, 4]));
        Assert.That(heights.Histo.BucketLimit, Is.EqualTo((double[])[step / 2, 1.5 * step, 2.5 * step, 3.5 * step]).Within(1e-6));
        Assert.That(heights.Histo.Sum, Is.EqualTo((3 + 4 * 3) * step).Within(1e-6));
        var figure = events[3].Summary.Value.Single();
        Assert.That((figure.Tag, figure.Image.Width, figure.Image.Height), Is.EqualTo(("figures/curves", 2 * 3 * 380, 2 * 270)));
        Assert.That(figure.Image.EncodedImageString.ToByteArray(), Is.EqualTo(png));
    }

    [Test]
    public void A_log_that_is_taken_up_ends_where_the_known_epochs_do_and_keeps_their_histograms()
    {
        using var mask = Mask([0, 1, 1, 3, 3, 3, 0, 1, 3]);
        EpochRecord[] epochs = [Epoch(10, 0.7), Epoch(20, 0.8), Epoch(30, 0.9)];
        var log = new EventLog(_folder, []);
        foreach (var epoch in epochs)
        {
            log.Write(epoch);
            log.WriteHeights(epoch.Step, mask);
        }
        var file = Directory.GetFiles(_folder).Single();
        File.WriteAllBytes(file, [.. File.ReadAllBytes(file), 7, 0, 0]); // a record that a kill cut off

        var again = new EventLog(_folder, epochs[..2]);
        again.WriteHeights(20, mask);

        var events = TensorBoardRecords.Read(Directory.GetFiles(_folder).Single());
        Assert.That(Steps(events, "heights_um/layer_1"), Is.EqualTo(BothSteps));
        Assert.That(Steps(events, "validation/accuracy"), Is.EqualTo(BothSteps));
    }

    [Test]
    public void In_full_precision_the_heights_fill_64_buckets()
    {
        using var positions = linspace(0, 3, 256, dtype: ScalarType.Float32).view(16, 16);
        using var mask = new MaskStack(new ContinuousRelief(Material(), bounds: null), positions.unsqueeze(0), new MaskFrame(1));
        new EventLog(_folder, []).WriteHeights(0, mask);

        var histogram = TensorBoardRecords.Read(Directory.GetFiles(_folder).Single())[1].Summary.Value.Single().Histo;

        Assert.That(histogram.Bucket, Has.Count.EqualTo(64));
        Assert.That(histogram.Bucket.Sum(), Is.EqualTo(256));
        Assert.That(histogram.Bucket, Is.All.InRange(3, 5));
        Assert.That(histogram.BucketLimit[^1], Is.EqualTo(histogram.Max).Within(1e-6));
    }

    [TestCase(-1)]
    [TestCase(-5)]
    [TestCase(2)]
    [TestCase(9)]
    [TestCase(40)]
    public void A_file_is_read_up_to_what_is_damaged(int place)
    {
        var file = Path.Combine(_folder, "events");
        EventFile.Append(file, new Event { Step = 1, FileVersion = "first" });
        var whole = new FileInfo(file).Length;
        EventFile.Append(file, new Event { Step = 2, FileVersion = "second, which is a little longer than the first" });
        var bytes = File.ReadAllBytes(file);
        bytes[place < 0 ? bytes.Length + place : (int)whole + place] ^= 1;
        File.WriteAllBytes(file, bytes);

        Assert.That(EventFile.Read(file, out var damage).Select(e => e.FileVersion), Is.EqualTo((string[])["first"]));
        Assert.That(damage, Is.EqualTo(place > 0 && place < 12 ? "its length does not match its checksum" : "its content does not match its checksum"));
    }

    /// <summary>Every place at which a kill can cut a record off is an end, and no damage.</summary>
    [Test]
    public void A_record_that_is_cut_off_is_no_damage()
    {
        var file = Path.Combine(_folder, "events");
        EventFile.Append(file, new Event { Step = 1, FileVersion = "first" });
        var first = File.ReadAllBytes(file).Length;
        EventFile.Append(file, new Event { Step = 2, FileVersion = "second" });
        var bytes = File.ReadAllBytes(file);
        for (var length = first; length < bytes.Length; length++)
        {
            File.WriteAllBytes(file, bytes[..length]);
            Assert.That((EventFile.Read(file, out var damage).Count, damage), Is.EqualTo((1, (string?)null)), $"cut at {length}");
        }
    }

    /// <summary>A record whose checksums are right, and which is none of TensorBoard's.</summary>
    [Test]
    public void A_file_with_garbage_in_it_is_set_aside_where_TensorBoard_does_not_look_and_said()
    {
        using var mask = Mask([0, 1, 1, 3, 3, 3, 0, 1, 3]);
        var epoch = Epoch(10, 0.7);
        var log = new EventLog(_folder, []);
        log.WriteHeights(10, mask);
        var file = Directory.GetFiles(_folder).Single();
        var bytes = (byte[])[.. File.ReadAllBytes(file), .. TensorBoardRecords.Of([0xff, 0xff, 0xff, 0xff, 1])];
        File.WriteAllBytes(file, bytes);
        List<string> notes = [];

        new EventLog(_folder, [epoch], notes.Add).WriteHeights(20, mask);

        var aside = Path.GetFileName(file).Replace("tfevents", "damaged", StringComparison.Ordinal);
        Assert.That(notes, Is.EqualTo((string[])[$"The file for TensorBoard {file} is damaged behind its first 2 records: it is no event. It is kept as {aside}, and the events go on in a new one."]));
        Assert.That(File.ReadAllBytes(Path.Combine(_folder, aside)), Is.EqualTo(bytes));
        var events = TensorBoardRecords.Read(Directory.GetFiles(_folder, "*tfevents*").Single());
        Assert.That(Steps(events, "heights_um/layer_1"), Is.EqualTo(BothSteps));
    }

    private static IEnumerable<long> Steps(List<Event> events, string tag) =>
        events.Where(e => e.Summary?.Value.Any(v => string.Equals(v.Tag, tag, StringComparison.Ordinal)) == true).Select(e => e.Step);

    private static EpochRecord Epoch(long step, double accuracy) => new()
    {
        Phase = "quantized",
        Epoch = (int)(step / 10),
        Step = step,
        Loss = 0.5,
        LearningRate = 0.01,
        Validation = new Dictionary<string, double>(StringComparer.Ordinal) { ["accuracy"] = accuracy, ["loss"] = 0.4 },
    };

    private static Material Material() => new(1.7227, 0, new Wave(new Length(0.75e-3)));

    private static MaskStack Mask(float[] levels)
    {
        var table = new CyclicLevels { Count = 4 }.Build(Material().OneWave, lossless: true);
        using var positions = tensor(levels).view(1, 3, 3);
        return MaskStack.Quantized(Material(), [table], new StraightThrough(), positions, new MaskFrame(1));
    }
}
