using OpticalQAT.Configuration;
using OpticalQAT.Quantization;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Runtime;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Trust;

/// <summary>An experiment that trains in moments, and models of it.</summary>
internal static class SmallModel
{
    public const string Yaml = """
        name: small
        device: cpu
        optics: { wavelength: 0.75 mm, grid: { size: 16, pixel_pitch: 0.75 mm } }
        model:
          kind: diffractive_network
          layers: 2
          spacing: { input: 6 mm, between: 6 mm, output: 6 mm }
          mask: { material_index: 1.7227 }
        quantizer: { kind: progressive_sigmoid, levels: { kind: cyclic, count: 4 } }
        task:
          kind: classification
          encoding: { kind: amplitude }
          detector: { kind: grid, regions: 10, gain: 100 }
          dataset: { kind: glyphs, train_count: 40, validation_count: 10, test_count: 10 }
        training:
          batch_size: 8
          full_precision: { epochs: 2, optimizer: { kind: adam, learning_rate: 0.05 } }
          quantized: { epochs: 2, optimizer: { kind: adam, learning_rate: 0.05 } }
        """;

    public static Experiment With(params string[] overrides) =>
        ConfigurationReader.Read<Experiment>(Yaml, "small.yaml", overrides).ValueOrThrow();

    /// <summary>The file of an untrained model.</summary>
    public static byte[] Bytes(params string[] overrides)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var experiment = With(overrides);
        using var generator = new Generator(1);
        using var free = experiment.Model.Build(experiment.Optics, experiment.Levels, generator);
        using var network = experiment.Quantizer is NoQuantizer
            ? free
            : experiment.Model.BuildQuantized(experiment.Optics, experiment.Levels!, experiment.Quantizer, free.Masks.Position.detach());
        using var task = experiment.Task.Build(experiment.Optics);
        using var model = TrainedModel.Of(experiment, network, task);
        model.Save(folder.File("m.safetensors"));
        return File.ReadAllBytes(folder.File("m.safetensors"));
    }
}
