namespace OpticalQAT.Tests.Cli;

/// <summary>A folder with <c>tiny.yaml</c>, an experiment that trains in a blink, and the runs made of it.</summary>
internal sealed class TinyExperiment : IDisposable
{
    /// <summary>The configuration; line and column of its words are what tests of messages expect.</summary>
    public const string Yaml = """
        name: tiny
        device: cpu
        optics:
          wavelength: 0.75 mm
          grid: { size: 32, pixel_pitch: 0.75 mm }
        model:
          kind: diffractive_network
          layers: 2
          spacing: { input: 12 mm, between: 12 mm, output: 12 mm }
          mask: { material_index: 1.7227 }
        quantizer:
          kind: straight_through
          levels: { kind: cyclic, count: 4 }
        task:
          kind: classification
          detector: { kind: grid, regions: 10, gain: 100 }
          dataset: { kind: glyphs, train_count: 64, validation_count: 20, test_count: 30 }
        training:
          batch_size: 16
          full_precision: { epochs: 1 }
          quantized: { epochs: 1 }

        """;

    /// <summary>A new folder.</summary>
    public TinyExperiment() => File.WriteAllText(Path.Combine(Folder, "tiny.yaml"), Yaml);

    /// <summary>The folder, in which the program is run.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("opticalqat-cli-").FullName;

    /// <summary>The runs, the oldest first, as absolute paths.</summary>
    public string[] Runs => Directory.Exists(Path.Combine(Folder, "runs", "tiny"))
        ? [.. Directory.GetDirectories(Path.Combine(Folder, "runs", "tiny")).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The program, run in the folder.</summary>
    public CommandResult Run(params string[] words) => CommandResult.Of(Folder, words);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
