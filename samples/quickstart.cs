#:project ../src/OpticalQAT/OpticalQAT.csproj
#:property PublishAot=false
// Trains a small quickstart without a YAML file, and evaluates what it gave: dotnet run samples/quickstart.cs
using OpticalQAT;
using OpticalQAT.Data;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using OpticalQAT.Reports;
using OpticalQAT.Runs;
using OpticalQAT.Tasks;
using OpticalQAT.Training;
using OpticalQAT.Units;

// Terahertz light, two printed masks of four heights, glyphs to tell apart. Every key that is left out has its default.
var gap = new Length(12e-3);
var experiment = new Experiment
{
    Name = "quickstart",
    Optics = new OpticalSetting { Wavelength = new Length(0.75e-3), Grid = new Grid { Size = 32, PixelPitch = new Length(0.75e-3) } },
    Model = new DiffractiveNetworkKind
    {
        Layers = 2,
        Spacing = new Spacing { Input = gap, Between = gap, Output = gap },
        Mask = new MaskOptions { MaterialIndex = 1.7227 },
    },
    Quantizer = new StraightThrough { Levels = new CyclicLevels { Count = 4 } },
    Task = new Classification { Detector = new GridDetector { Regions = 10 }, Dataset = new Glyphs { TrainCount = 512, ValidationCount = 100, TestCount = 200 } },
    Training = new TrainingOptions { BatchSize = 32, FullPrecision = new() { Epochs = 2, Optimizer = new AdamOptimizer { LearningRate = 0.05 } }, Quantized = new() { Epochs = 2 } },
};

// What the command 'train' does: a run directory with the model, its scores and a page to look at.
var (directory, summary) = TrainingRun.Start(experiment, report: RunReport.Write);
Console.WriteLine($"accuracy {summary.Test["accuracy"]:0.000} at four levels, {summary.FullPrecision!["accuracy"]:0.000} in full precision; report: {directory.ReportFile}");
Console.WriteLine($"evaluated again: {Evaluation.Of(directory.Path, [], _ => { }).Metrics["accuracy"]:0.000}");
