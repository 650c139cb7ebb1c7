using System.Text.Json;
using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Formats;
using OpticalQAT.Studies.Robustness;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Trust;

namespace OpticalQAT.Tests.Studies.Robustness;

/// <summary>A program that studies designs gets the files that a user of the command gets.</summary>
public sealed class RobustnessFolderTests
{
    private const string Plan = """
        examples: 4
        sweeps: [{ error: { kind: lateral_shift, amount: 1 mm }, strengths: [1], devices: 2 }]
        yield: { threshold: 0.1, devices: 2, errors: [{ kind: axial_error, amount: 1 mm }] }
        """;

    [Test]
    public void A_study_leaves_its_result_in_every_form_beside_its_measurements()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllBytes(temporary.File("m.safetensors"), SmallModel.Bytes());
        var folder = new RobustnessFolder(temporary.File("study"));
        RobustnessResult result;
        using (var scores = folder.OpenScores())
        {
            Assert.That(Directory.Exists(folder.Path), Is.False, "before anything is measured");
            var plan = ConfigurationReader.Read<RobustnessPlan>(Plan, "plan.yaml", []).ValueOrThrow();
            result = new RobustnessStudy("plan", plan, scores, _ => { }).Execute([temporary.File("m.safetensors")], [], _ => { }, default);
        }
        folder.Write(result with { Plan = "longer than it will be" });
        folder.Write(result);

        var figures = RobustnessFigures.Draw(result);
        Assert.That(figures.Keys, Is.EqualTo((string[])["1-lateral_shift.png", "yield.png"]));
        Assert.That(Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName), Is.EquivalentTo((string[])["measurements.jsonl", "robustness.json", "robustness.csv", "robustness.html", "figures"]));
        Assert.That(File.ReadAllText(folder.ResultFile), Is.EqualTo(JsonSerializer.Serialize(result, Json.Document) + "\n"));
        Assert.That(File.ReadAllText(folder.TableFile), Is.EqualTo(RobustnessCsv.Write(result)));
        Assert.That(File.ReadAllText(folder.PageFile), Is.EqualTo(RobustnessPage.Write(result, figures)));
        Assert.That(Directory.GetFiles(folder.FigureFolder).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes, StringComparer.Ordinal), Is.EquivalentTo(figures));
    }
}
