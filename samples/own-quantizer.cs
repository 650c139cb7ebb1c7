#:project ../src/OpticalQAT/OpticalQAT.csproj
#:property PublishAot=false
// Trains through a quantizer of one's own: dotnet run samples/own-quantizer.cs
using OpticalQAT;
using OpticalQAT.Configuration;
using OpticalQAT.Quantization;
using OpticalQAT.Runs;
using static TorchSharp.torch;

// From here on every configuration and every model of this program may say "kind: eased".
KindAssemblies.Use(typeof(Eased).Assembly);
var experiment = ConfigurationReader.Read<Experiment>("""
    name: eased
    optics: { wavelength: 0.75 mm, grid: { size: 32, pixel_pitch: 0.75 mm } }
    model: { kind: diffractive_network, layers: 2, spacing: { input: 12 mm, between: 12 mm, output: 12 mm }, mask: { material_index: 1.7227 } }
    quantizer: { kind: eased, levels: { kind: cyclic, count: 4 } }
    task: { kind: classification, detector: { kind: grid, regions: 10 }, dataset: { kind: glyphs, train_count: 512, validation_count: 100, test_count: 200 } }
    training: { batch_size: 32, full_precision: { epochs: 2 }, quantized: { epochs: 4, optimizer: { kind: adam, learning_rate: 0.03 } } }
    """, "eased.yaml", []).ValueOrThrow();
var (_, summary) = TrainingRun.Start(experiment);
Console.WriteLine($"accuracy {summary.Test["accuracy"]:0.000}, rounded without training {summary.PostTraining!["accuracy"]:0.000}");

/// <summary>Lingers at the levels: the share s of the way from one to the next becomes s - sin(2πs)/(2π).</summary>
[Kind("eased")]
internal sealed record Eased : QuantizerKind
{
    public override Quantizer Build(LevelTable levels, Tensor positions) => new EasedIndex(levels, (int)positions.shape[0]);

    private sealed class EasedIndex(LevelTable levels, int masks) : Quantizer(levels, masks)
    {
        public override TrainingForward Forward => TrainingForward.Soft;

        public override SoftIndex Soften(Tensor positions)
        {
            var (cell, share) = Levels.Split(positions); // the level below, and the share of the way to the next
            return new CellIndex(cell, share - (2 * Math.PI * share).sin() / (2 * Math.PI));
        }
    }
}
