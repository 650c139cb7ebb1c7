using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Optics;
using OpticalQAT.PublicApi.Tests.Kinds;
using OpticalQAT.Reports;
using OpticalQAT.Runs;
using OpticalQAT.Training;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.PublicApi.Tests;

/// <summary>Every family can be added to from outside, by what is public alone.</summary>
public sealed class OwnKindsTests
{
    private static string[] Yaml => [OwnExperiments.Classifier, OwnExperiments.Imager, OwnExperiments.Lens, OwnExperiments.Matrix];

    /// <summary>Whoever adds a family adds a kind of it here, written as somebody outside would.</summary>
    [Test]
    public void Every_family_has_a_kind_here()
    {
        var own = typeof(Bars).Assembly;
        Assert.That(Catalogue.OfAssembliesInUse().Families.Where(family => family.Kinds.All(kind => kind.Type.Assembly != own)).Select(family => family.Name), Is.Empty);
    }

    [Test]
    public void Every_kind_here_stands_in_an_experiment()
    {
        var own = Catalogue.OfAssembliesInUse().Families.SelectMany(family => family.Kinds).Where(kind => kind.Type.Assembly == typeof(Bars).Assembly);
        Assert.That(own.Where(kind => !Yaml.Any(yaml => yaml.Contains($"kind: {kind.Name}", StringComparison.Ordinal))).Select(kind => kind.Name), Is.Empty);
    }

    [TestCaseSource(nameof(Yaml))]
    public void Experiments_train_evaluate_and_are_reported(string yaml)
    {
        var folder = Directory.CreateTempSubdirectory("opticalqat-own-").FullName;
        try
        {
            var experiment = ConfigurationReader.Read<Experiment>(yaml, "own.yaml", []).ValueOrThrow() with { Output = new() { Folder = folder } };
            Assert.That(experiment.Examine().Where(finding => finding.IsError), Is.Empty);
            var (directory, summary) = TrainingRun.Start(experiment, report: RunReport.Write);
            Assert.That(Evaluation.Of(directory.Path, [], _ => { }).Metrics, Is.EqualTo(summary.Test));
            Assert.That(File.Exists(directory.ReportFile));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Three masks of eight levels bring a matrix of 4 × 4 nearer than they start: the score is the loss, and less of it is better.</summary>
    [Test]
    public void A_linear_transform_is_learnt_and_the_least_mismatch_is_kept()
    {
        var folder = Directory.CreateTempSubdirectory("opticalqat-own-").FullName;
        try
        {
            var experiment = ConfigurationReader.Read<Experiment>(OwnExperiments.Matrix, "matrix.yaml", []).ValueOrThrow() with { Output = new() { Folder = folder } };
            List<double> mismatches = [];
            var (_, summary) = TrainingRun.Start(experiment, happened =>
            {
                if (happened is EpochDone { Record: { Phase: "quantized" } record })
                    mismatches.Add(record.Validation["mismatch"]);
            });
            TestContext.Out.WriteLine($"mismatch {summary.Test["mismatch"]:0.000} at eight levels, {summary.FullPrecision!["mismatch"]:0.000} in full precision; by epoch {string.Join(", ", mismatches)}");
            Assert.That(summary.Validation["mismatch"], Is.EqualTo(mismatches.Min()).Within(1e-6), "the best is the least");
            Assert.That(summary.Test["mismatch"], Is.LessThan(0.35));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>By its formula, and by the differentiable one.</summary>
    [Test]
    public void Fog_leaves_half_of_the_power_after_the_logarithm_of_two_of_its_mean_free_path()
    {
        using var scope = NewDisposeScope();
        var grid = new Grid { Size = 16, PixelPitch = new Length(1e-3) };
        var propagator = new Propagator(new Fog { MeanFreePath = new Length(1) }, new Wave(new Length(1e-3)), grid);
        var plain = new Propagator(new AngularSpectrum(), new Wave(new Length(1e-3)), grid);
        var (beam, z) = (Field.GaussianBeam(grid, new Length(4e-3)), Math.Log(2));
        var clear = Field.Intensity(plain.Propagate(beam, z)).sum().item<double>();
        Assert.That(Field.Intensity(propagator.Propagate(beam, z)).sum().item<double>(), Is.EqualTo(clear / 2).Within(1e-9 * clear));
        Assert.That(Field.Intensity(propagator.Propagate(beam, tensor(z, ScalarType.Float64))).sum().item<double>(), Is.EqualTo(clear / 2).Within(1e-9 * clear));
    }
}
