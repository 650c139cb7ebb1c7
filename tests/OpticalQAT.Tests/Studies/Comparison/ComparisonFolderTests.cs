using System.Text.Json;
using NUnit.Framework;
using OpticalQAT.Formats;
using OpticalQAT.Studies.Comparison;

namespace OpticalQAT.Tests.Studies.Comparison;

/// <summary>A program that compares gets the files that a user of the command gets.</summary>
public sealed class ComparisonFolderTests
{
    private const string One = """
        name: small
        base: base.yaml
        seeds: [1]
        levels: [{ table: { kind: cyclic, count: 4 } }]
        """;

    [Test]
    public void A_comparison_leaves_its_table_in_every_form_beside_its_cells()
    {
        using var small = new SmallComparison(One);
        var result = small.Sit(null)!;
        var folder = small.Plan().Output;

        Assert.That(Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName), Is.EquivalentTo((string[])["cells", "comparison.json", "comparison.csv", "comparison.html"]));
        Assert.That(File.ReadAllText(folder.ResultFile), Is.EqualTo(JsonSerializer.Serialize(result, Json.Document) + "\n"));
        Assert.That(File.ReadAllText(folder.TableFile), Is.EqualTo(ComparisonCsv.Write(result)));
        Assert.That(File.ReadAllText(folder.PageFile), Is.EqualTo(ComparisonPage.Write(result)));
    }

    /// <summary>A table of another sitting is replaced whole, wherever its folder was meanwhile.</summary>
    [Test]
    public void A_table_is_written_anew_and_into_a_folder_that_is_not_there()
    {
        using var small = new SmallComparison(One);
        var result = small.Sit(null)!;
        var elsewhere = new ComparisonFolder(Path.Combine(small.Folder, "some", "where"));

        elsewhere.Write(result with { Name = "longer than it will be" });
        elsewhere.Write(result);

        foreach (var name in (string[])["comparison.json", "comparison.csv", "comparison.html"])
            Assert.That(File.ReadAllBytes(Path.Combine(elsewhere.Path, name)), Is.EqualTo(File.ReadAllBytes(Path.Combine(small.Plan().Folder, name))), name);
        Assert.That(Directory.GetFiles(elsewhere.Path), Has.Length.EqualTo(3), "nothing half-written is left");
    }

    [Test]
    public void An_interrupted_comparison_writes_no_table()
    {
        using var small = new SmallComparison(One);
        Assert.That(small.Sit(interruptedAt: 2), Is.Null);
        Assert.That(Directory.GetFiles(small.Plan().Folder), Is.Empty);
    }
}
