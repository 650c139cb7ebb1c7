using OpticalQAT.Configuration;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Support;

/// <summary>An experiment that trains in a second: two masks of 12×12 pixels and sixty glyphs.</summary>
internal static class SmallExperiment
{
    private const string Text = """
        name: small
        seed: 3
        device: cpu
        optics:
          wavelength: 0.75 mm
          grid: { size: 12, pixel_pitch: 0.75 mm }
        model:
          kind: diffractive_network
          layers: 2
          spacing: { input: 3 mm, between: 4 mm, output: 5 mm }
          mask: { material_index: 1.7227 }
        quantizer:
          kind: straight_through
          levels: { kind: cyclic, count: 4 }
        task:
          kind: classification
          detector: { kind: grid, regions: 10, gain: 50 }
          dataset: { kind: glyphs, train_count: 60, validation_count: 30, test_count: 30 }
        training:
          batch_size: 16
          full_precision: { epochs: 2, optimizer: { kind: adam, learning_rate: 0.1 } }
          quantized: { epochs: 2, optimizer: { kind: adam, learning_rate: 0.05 } }
        """;

    /// <summary>Positions of its two masks, [2, 12, 12], normally distributed, in level units; the same at every call.</summary>
    public static Tensor Positions() => stack([Tensors.Normal([12, 12], 1, ScalarType.Float32), Tensors.Normal([12, 12], 2, ScalarType.Float32)]);

    public static Experiment With(params string[] overrides) => Read(overrides).ValueOrThrow();

    /// <summary>The same with its errors.</summary>
    public static ConfigurationResult<Experiment> Read(params string[] overrides) => ConfigurationReader.Read<Experiment>(Text, "small.yaml", overrides);
}
