using NUnit.Framework;
using OpticalQAT.Data;
using OpticalQAT.Formats;
using OpticalQAT.Quantization;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Runs;

public class TrainedModelTests
{
    private TemporaryFolder _folder = null!;

    private string File => _folder.File("model.safetensors");

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase("quantizer.kind=straight_through")]
    [TestCase("quantizer.kind=progressive_sigmoid")]
    [TestCase("quantizer.kind=none")]
    [TestCase("quantizer.kind=gumbel_softmax")]
    [TestCase("quantizer={ kind: incremental, levels: { kind: cyclic, count: 4 }, inner: { kind: soft_tanh, learnt: {} } }")]
    [TestCase("quantizer={ kind: learned_levels, minimum_spacing: 10 um, levels: { kind: cyclic, count: 4 } }")]
    [TestCase("quantizer.levels={ kind: per_layer, layers: [ { which: \"1\", levels: { kind: cyclic, count: 3 } }, { which: \"2-\", levels: { kind: inclusive, count: 5, max: 1 mm } } ] }")]
    [TestCase("quantizer.levels={ kind: list, heights: [0 um, 300 um, 700 um], amplitudes: [1, 0.9, 0.8], phases: [0 deg, 100 deg, -120 deg] }")]
    public void What_is_written_is_read_and_written_again_to_the_byte(string quantizer)
    {
        using var scope = NewDisposeScope();
        using var model = Small(quantizer);
        model.Save(File);
        using var again = TrainedModel.Load(File, []);
        again.Save(_folder.File("again.safetensors"));

        Assert.That(System.IO.File.ReadAllBytes(_folder.File("again.safetensors")), Is.EqualTo(System.IO.File.ReadAllBytes(File)));
        Assert.That(again.IsQuantized, Is.EqualTo(model.IsQuantized));
        using var input = Tensors.NormalField([1, 12, 12], 9).to(ScalarType.ComplexFloat32);
        Assert.That(Tensors.SameBits(again.Network.forward(input), model.Network.forward(input)), Is.True);
    }

    [TestCase("model.mask.size=6 mm", 8)]
    [TestCase("model.mask={ material_index: 1.7227, size: 6 mm, oversampling: 2, outside: transparent }", 4)]
    public void A_mask_smaller_than_the_plane_is_kept_as_it_is_printed(string size, int pixels)
    {
        using var scope = NewDisposeScope();
        using var model = Small(size);
        model.Save(File);
        using var again = TrainedModel.Load(File, []);
        Assert.That(SafetensorsFile.Read(File).Tensors["layers.1.heights"].shape, Is.EqualTo(new long[] { pixels, pixels }));
        using var input = Tensors.NormalField([1, 12, 12], 9).to(ScalarType.ComplexFloat32);
        Assert.That(Tensors.SameBits(again.Network.forward(input), model.Network.forward(input)), Is.True);
        using var start = again.InFullPrecision(again.Experiment);
        Assert.That((start.Masks.Heights()[0] - again.Network.Masks.Heights()[0]).abs().max().item<double>(), Is.LessThan(1e-9));
    }

    [Test]
    public void A_folder_with_a_model_is_its_model()
    {
        using var model = Small();
        model.Save(File);
        using var found = TrainedModel.Load(_folder.Path, ["task.dataset.test_count=77"]);
        Assert.That(found.LoadData(Splits.Test).Test.Count, Is.EqualTo(77));
    }

    [Test]
    public void Where_there_is_none_it_says_so()
    {
        Assert.That(() => TrainedModel.Load(_folder.Path, []), Throws.TypeOf<FileNotFoundException>().With.Message.EqualTo(
            $"{_folder.Path}: there is no model.safetensors in this folder; give a finished run's directory or a model file"));
        Assert.That(() => TrainedModel.Load(File, []), Throws.TypeOf<FileNotFoundException>().With.Message.EqualTo(
            $"{File}: there is no such run directory or model file"));
    }

    [Test]
    public void A_file_of_something_else_is_refused()
    {
        using var tensor = zeros(3);
        SafetensorsFile.Write(File, Named(("a", tensor)), new Dictionary<string, string>(StringComparer.Ordinal));
        AssertRefused("it is a safetensors file, but not a model of OpticalQAT: its metadata lack the keys 'opticalqat' and 'experiment'");
    }

    [Test]
    public void A_missing_tensor_is_named() =>
        AssertRefusedAfter((tensors, _) => tensors.Remove("layers.1.position"), "the tensor 'layers.1.position' is missing");

    [Test]
    public void A_tensor_of_another_shape_is_named() =>
        AssertRefusedAfter((tensors, _) => tensors["layers.1.position"] = tensors["layers.1.position"].narrow(0, 0, 7).contiguous(),
            "the tensor 'layers.1.position' has the shape [7, 12], but its experiment makes it [12, 12]");

    [Test]
    public void Changed_heights_are_noticed() =>
        AssertRefusedAfter((tensors, _) => tensors["layers.0.heights"] = tensors["layers.0.heights"] * 1.001,
            "layers.0.heights are not the heights that its positions and its level table give: the file was changed, or belongs to another version");

    [Test]
    public void A_file_that_is_cut_off_is_refused()
    {
        using var model = Small();
        model.Save(File);
        System.IO.File.WriteAllBytes(File, System.IO.File.ReadAllBytes(File)[..^100]);
        Assert.That(() => TrainedModel.Load(File, []), Throws.TypeOf<FileFormatException>().With.Message.StartsWith($"{File}: "));
    }

    [Test]
    public void The_heights_of_a_model_start_another_in_full_precision()
    {
        using var scope = NewDisposeScope();
        using var model = Small();
        using var start = model.InFullPrecision(SmallExperiment.With());
        Assert.That((start.Masks.Heights() - model.Network.Masks.Heights()).abs().max().item<double>(), Is.LessThan(1e-9));
    }

    [Test]
    public void A_start_of_another_shape_is_refused()
    {
        using var model = Small();
        Assert.That(() => model.InFullPrecision(SmallExperiment.With("model.layers=3")), Throws.ArgumentException.With.Message.EqualTo(
            "the model to start from has 2 layers of 12×12 pixels, this experiment 3 of 12×12; both must be the same"));
    }

    private static TrainedModel Small(params string[] overrides)
    {
        var experiment = SmallExperiment.With(overrides);
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var pixels = experiment.Model.PrintedPixels(experiment.Optics);
        var positions = SmallExperiment.Positions()[.., ..pixels, ..pixels];
        var network = experiment.Quantizer is NoQuantizer
            ? experiment.Model.Build(experiment.Optics, experiment.Levels, generator)
            : experiment.Model.BuildQuantized(experiment.Optics, experiment.Levels!, experiment.Quantizer, positions);
        return TrainedModel.Of(experiment, network, experiment.Task.Build(experiment.Optics));
    }

    private void AssertRefusedAfter(Action<Dictionary<string, Tensor>, Dictionary<string, string>> damage, string message)
    {
        using var model = Small();
        model.Save(File);
        ModelFiles.Change(File, damage);
        AssertRefused(message);
    }

    private void AssertRefused(string message) =>
        Assert.That(() => TrainedModel.Load(File, []), Throws.TypeOf<FileFormatException>().With.Message.EqualTo($"{File}: {message}"));

    private static Dictionary<string, Tensor> Named(params (string Name, Tensor Tensor)[] tensors) =>
        tensors.ToDictionary(t => t.Name, t => t.Tensor, StringComparer.Ordinal);
}
