using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Formats;
using OpticalQAT.Models;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Support;
using OpticalQAT.Tests.Trust;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Runs;

/// <summary>Models of versions that counted layers from 0: their layers are those that were meant.</summary>
public sealed class LayerNumbersTests
{
    private const string Frozen = "model.frozen=[2]";
    private const string PerLayer = "quantizer.levels={ kind: per_layer, default: { kind: cyclic, count: 4 }, layers: [ { which: \"1\", levels: { kind: cyclic, count: 8 } } ] }";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase("3", Frozen)]
    [TestCase("3", PerLayer)]
    [TestCase("2")]
    [TestCase("2", "model.frozen=[]")]
    public void Only_what_names_layers_is_of_the_new_format(string format, params string[] overrides)
    {
        using var scope = NewDisposeScope();
        var texts = SafetensorsFile.Read(Save(overrides)).Metadata;
        Assert.That(texts["opticalqat"], Is.EqualTo(format));
        Assert.That(texts["experiment"].StartsWith("# Layers are counted from 1.\n", StringComparison.Ordinal), Is.EqualTo(format is "3"));
    }

    [Test]
    public void An_older_file_means_the_layers_that_it_meant([Values("1", "2")] string format)
    {
        var file = Save(Frozen, PerLayer);
        var now = Yaml(file, []);
        MakeOld(file, format);
        Assert.That(Yaml(file, [], out var notes), Is.EqualTo(now));
        Assert.That(notes, Does.Contain($"{file}: an earlier version wrote this model, and counted layers from 0; they are counted from 1 now, and are read as those that were meant."));
        Assert.That(notes, Has.Count.EqualTo(format is "1" ? 2 : 1));
        Assert.That(Yaml(file, ["task.dataset.test_count=12"]), Is.EqualTo(now.Replace("test_count: 10", "test_count: 12", StringComparison.Ordinal)), "what is laid over it counts anew");

        using var model = TrainedModel.Load(file, []);
        Assert.That(((DiffractiveNetworkKind)model.Experiment.Model).Frozen, Is.EqualTo((int[])[2]));
        Assert.That(model.Network.Masks.Tables!.Select(table => table.Count), Is.EqualTo((int[])[8, 4]));
        var again = _folder.File("again.safetensors");
        model.Save(again);
        Assert.That(Yaml(again, [], out notes), Is.EqualTo(now));
        Assert.That(notes, Is.Empty);
    }

    [Test]
    public void An_older_file_without_such_numbers_is_read_without_a_word()
    {
        _ = Yaml(Save(), [], out var notes);
        Assert.That(notes, Is.Empty);
    }

    /// <summary>The configuration in a run's folder was written by the version that wrote the model beside it.</summary>
    [Test]
    public void An_older_run_is_read_as_its_model_is()
    {
        var file = Save(Frozen, PerLayer);
        File.Move(file, _folder.File("model.safetensors"));
        var configuration = _folder.File("config.yaml");
        File.WriteAllText(configuration, ConfigurationWriter.Write(SmallModel.With(Frozen, PerLayer), portable: false));
        var now = Yaml(_folder.Path, []);

        MakeOld(_folder.File("model.safetensors"), "2");
        Assert.That(() => Yaml(_folder.Path, []), Throws.TypeOf<FileFormatException>().With.Message.Contains("not the configuration that the model beside it was trained with"), "it counts from 1, the model from 0");
        File.WriteAllText(configuration, Older(File.ReadAllText(configuration)));
        Assert.That(Yaml(_folder.Path, []), Is.EqualTo(now));
        Assert.That(Yaml(_folder.Path, ["device=cpu"]), Is.EqualTo(now));
    }

    /// <summary>A run that was begun with the other counting is not gone on with as if it had been begun with this one.</summary>
    [Test]
    public void A_run_and_a_cell_of_another_counting_have_other_hashes()
    {
        var experiment = SmallModel.With(Frozen);
        Assert.That(TrainedModel.PortableText(experiment), Does.StartWith("# Layers are counted from 1.\n"));
        Assert.That(TrainedModel.PortableText(SmallModel.With()), Does.StartWith("name: small\n"));
        var text = ConfigurationWriter.Write(experiment, portable: false);
        Assert.That(LayerNumbers.Marked(text), Is.Not.EqualTo(text));
    }

    private static string Yaml(string path, string[] overrides) => Yaml(path, overrides, out _);

    private static string Yaml(string path, string[] overrides, out List<string> notes)
    {
        notes = [];
        using var model = TrainedModel.Load(path, overrides, notes.Add);
        return TrainedModel.PortableText(model.Experiment);
    }

    private static string Older(string yaml)
    {
        Assert.That(yaml, Does.Contain("frozen: [2]\n").And.Contain("which: \"1\"\n"));
        return yaml.Replace("# Layers are counted from 1.\n", "", StringComparison.Ordinal)
            .Replace("frozen: [2]\n", "frozen: [1]\n", StringComparison.Ordinal).Replace("which: \"1\"\n", "which: \"0\"\n", StringComparison.Ordinal);
    }

    private static void MakeOld(string file, string format)
    {
        ModelFiles.Change(file, (_, texts) => (texts["opticalqat"], texts["experiment"]) = ("2", Older(texts["experiment"])));
        if (format is "1")
            ModelFiles.MakeOld(file);
    }

    private string Save(params string[] overrides)
    {
        var file = _folder.File("m.safetensors");
        File.WriteAllBytes(file, SmallModel.Bytes(overrides));
        return file;
    }
}
