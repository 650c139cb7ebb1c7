#:project ../src/OpticalQAT/OpticalQAT.csproj
#:property PublishAot=false
// Trains a lens: a task of one's own, light to the middle (docs/extending.md has the rules): dotnet run samples/own-task.cs
using OpticalQAT; using OpticalQAT.Configuration; using OpticalQAT.Data; using OpticalQAT.Optics; using OpticalQAT.Runs; using OpticalQAT.Tasks;
using static TorchSharp.torch;
KindAssemblies.Use(typeof(Focusing).Assembly);
var (_, summary) = TrainingRun.Start(ConfigurationReader.Read<Experiment>("""
    name: lens
    optics: { wavelength: 0.75 mm, grid: { size: 32, pixel_pitch: 0.75 mm } }
    model: { kind: diffractive_network, layers: 1, spacing: { input: 6 mm, between: 6 mm, output: 24 mm }, mask: { modulation: phase } }
    quantizer: { kind: straight_through, levels: { kind: cyclic, count: 4 } }
    task: { kind: focusing, dataset: { kind: glyphs, train_count: 256, validation_count: 50, test_count: 50 } }
    training: { batch_size: 32, full_precision: { epochs: 2 }, quantized: { epochs: 1 } }
    """, "lens.yaml", []).ValueOrThrow());
Console.WriteLine($"{summary.Test["missed"]:0.000} of the light misses the middle, where the task asks for as little as can be");

[Kind("focusing")]
internal sealed record Focusing : TaskKind // what the user may choose: here nothing but the dataset
{
    public override LearningTask Build(OpticalSetting setting) => new FocusingTask(setting.Grid);
    public override IEnumerable<Finding> Examine(OpticalSetting setting) => [];
}
internal sealed class FocusingTask(Grid grid) : LearningTask("focusing")
{
    public override IReadOnlyList<Metric> Metrics { get; } = [new("missed", MetricUnit.Fraction, HigherIsBetter: false)];
    public override Metric Score => Metrics[0];
    public override void CheckFits(Dataset data, bool isTrained = false) { }
    public override Tensor Encode(Examples examples) => new AmplitudeEncoding().Encode(examples.Images, grid);
    public override Tensor Targets(Examples examples) => examples.Labels.alias();
    public override Tensor Loss(Output output, Tensor targets) => 1 - (output.Read(Field.Intensity(output.Field)[.., 8..24, 8..24].sum([1, 2]).unsqueeze(1)).squeeze(1) / output.Entered).mean();
    public override Measurement Measure() => new Mean(this);
}
internal sealed class Mean(FocusingTask task) : Measurement(task)
{
    private readonly List<(double Loss, long Count)> _batches = [];
    public override double Loss => _batches.Sum(batch => batch.Loss * batch.Count) / _batches.Sum(batch => batch.Count);
    public override void Add(Output output, Tensor targets) => _batches.Add((task.Loss(output, targets).item<float>(), targets.shape[0]));
    protected override IReadOnlyDictionary<Metric, double> Values() => new Dictionary<Metric, double> { [task.Score] = Loss };
    public override void Dispose() { }
}
