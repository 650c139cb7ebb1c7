using NUnit.Framework;
using OpticalQAT.Formats;
using OpticalQAT.Quantization;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Support;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Quantization;

public sealed class MeasuredLevelsTests
{
    private TemporaryFolder _folder = null!;

    private string Csv => _folder.File("levels.csv");

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase("level,height_um\n0,0\n1,250.5\n2,731\n", new[] { 0, 250.5e-6, 731e-6 })]
    [TestCase("# etched on Monday\nheight_nm\n10\n\n20\n", new[] { 10e-9, 20e-9 })]
    [TestCase("Height_MM , level\n0.1,0\n0.3,1\n", new[] { 0.1e-3, 0.3e-3 })]
    public void Heights_are_read_with_the_unit_of_the_header(string text, double[] expected)
    {
        var table = Read(text).Build(new Length(1), lossless: true);
        Assert.That(table.Heights.ToArray(), Is.EqualTo(expected));
        Assert.That((table.Period, table.HasResponses), Is.EqualTo(((double?)null, false)));
    }

    /// <summary>Measured values take the place of the formula, in evaluation and, along the height, in training; phases follow each other from level to level.</summary>
    [Test]
    public void Measured_amplitudes_and_phases_replace_the_formula()
    {
        using var scope = NewDisposeScope();
        var kind = Read("level,height_um,amplitude,phase_deg\n0,0,1,0\n1,300,0.9,100\n2,700,0.8,-120\n");
        var material = Tables.Cyclic(2).Material;
        var table = kind.Build(new Length(1), lossless: true);
        var position = tensor([0f, 1, 2, 1.5f]);
        var relief = new OpticalQAT.Models.QuantizedRelief(material, new NoQuantizer().Build(table, position), GradientDomain.Height);
        var printed = relief.PrintedTransmission(position);
        var expected = polar(tensor([1f, 0.9f, 0.8f, 0.8f]), tensor([0f, 100, -120, -120]) * (float)(Math.PI / 180));
        Assert.That((printed - expected).abs().max().item<float>(), Is.LessThan(1e-6));
        // 100 and 240 degrees, for at 700 um the formula says 243
        var between = relief.Transmission(position)[3];
        var halfWay = polar(tensor(MathF.Sqrt(0.9f * 0.8f)), tensor(170 * MathF.PI / 180));
        Assert.That((between - halfWay).abs().item<float>(), Is.LessThan(1e-6));
    }

    [TestCase("", "the file is empty; it needs a header such as level,height_um and a line for each level")]
    [TestCase("level,height_um\n0,1\n", ":2: a level table needs at least two levels, but there is one below the header")]
    [TestCase("level,height\n0,1\n1,2\n", ":2: the height '1' has no unit; write the unit into the header, such as height_um, or beside file: unit: um")]
    [TestCase("level\n0\n1\n", ":1: no column is called height, with its unit (height_um, height (nm), …); the columns are 'level'. Rename the one with the heights, or name it beside file: by column: 'level' and its unit by unit: um")]
    [TestCase("height_um\n0\nNaN\n", ":3: the height 'NaN' is no finite number")]
    [TestCase("height_um\n0\n\n5\n5\n", ":5: the height 5 um is the same as that of the level before; heights ascend, each once")]
    [TestCase("height_um\n7\n5\n", ":3: the height 5 um is not above that of the level before (7 um); heights ascend, each once")]
    [TestCase("height_um\n-1\n5\n", ":2: the height -1 um lies below 0")]
    [TestCase("height_mm\n1\n5000\n", ":3: the height 5 m lies above 1 m, the greatest that a level may have; is its unit right?")]
    [TestCase("height_um,phase_rad\n1,0\n5,2000\n", ":3: the phase 2000 rad lies beyond 1000 rad; whole turns may be left out")]
    [TestCase("level,height_um\n0,1\n2,5\n", ":3: the level is 2, but level 1 is next: levels are counted 0, 1, 2, …, the lowest first, each once")]
    [TestCase("level,height_um\n0,1\n1\n", ":3: the line has 1 column, but line 1 has 2, with commas between them; write all lines with the same columns, and in quotes what holds a separator")]
    [TestCase("height_um,amplitude\n0,1\n5,1.2\n", ":3: the amplitude 1.2 must be between 0 and 1")]
    public void What_is_no_table_is_told_with_its_line(string text, string message)
    {
        File.WriteAllText(Csv, text);
        Assert.That(new MeasuredLevels { File = Csv }.Check().Single().Message, Is.EqualTo($"{Csv}{(message[0] == ':' ? "" : ": ")}{message}"));
    }

    [Test]
    public void A_file_that_is_not_there_is_told() =>
        Assert.That(new MeasuredLevels { File = Csv }.Check().Single().Message, Does.StartWith($"there is no level table '{Csv}' (looked for at {Csv})"));

    /// <summary>A model's file stands alone: the table is in it, not the file's name.</summary>
    [Test]
    public void A_model_does_without_the_file()
    {
        using var scope = NewDisposeScope();
        File.WriteAllText(Csv, "height_um,amplitude,phase_rad\n0,1,0\n300,0.9,1.8\n");
        var experiment = SmallExperiment.With($"quantizer.levels={{ kind: measured, file: {Csv} }}");
        var network = experiment.Model.BuildQuantized(experiment.Optics, experiment.Levels!, experiment.Quantizer, SmallExperiment.Positions());
        using var model = TrainedModel.Of(experiment, network, experiment.Task.Build(experiment.Optics));
        model.Save(_folder.File("model.safetensors"));
        File.Delete(Csv);

        using var again = TrainedModel.Load(_folder.File("model.safetensors"), []);
        using var input = Tensors.NormalField([1, 12, 12], 9).to(ScalarType.ComplexFloat32);
        Assert.That(Tensors.SameBits(again.Network.forward(input), model.Network.forward(input)), Is.True);
        Assert.That(SafetensorsFile.Read(_folder.File("model.safetensors")).Metadata["experiment"], Does.Not.Contain("levels.csv"));
    }

    private LevelsKind Read(string text)
    {
        File.WriteAllText(Csv, text);
        return new MeasuredLevels { File = Csv }.Inlined();
    }
}
