using System.Text.Json;
using NUnit.Framework;
using OpticalQAT.Formats;
using OpticalQAT.Runs;

namespace OpticalQAT.Tests.Studies.Comparison;

public sealed class SearchTests
{
    /// <summary>The search goes by the validation split, also where the test split would have chosen another candidate.</summary>
    [Test]
    public void The_test_split_chooses_nothing()
    {
        using var small = new SmallComparison("""
            name: small
            base: base.yaml
            with: { task: { dataset: { validation_count: 30, test_count: 50 } } }
            seeds: [1]
            methods: [{ quantizer: { kind: straight_through } }]
            levels: [{ table: { kind: cyclic, count: 4 } }]
            search: { learning_rates: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4] }
            """);

        var result = small.Sit(null)!;

        var told = new List<bool>();
        foreach (var row in result.Rows.Where(row => row.Searched.Length > 0))
        {
            var chosen = row.Searched.Single(candidate => candidate.IsChosen);
            Assert.That(chosen.Validation, Is.EqualTo(row.Searched.Max(candidate => candidate.Validation)), row.Name);
            var summaries = Directory.GetFiles(small.Folder, "summary.json", SearchOption.AllDirectories)
                .Select(file => JsonSerializer.Deserialize<Summary>(File.ReadAllText(file), Json.Document)!)
                .Where(summary => summary.Epochs.Quantized > 0 && string.Equals(summary.Quantizer, row.Quantizer ?? "none", StringComparison.Ordinal));
            told.Add(summaries.MaxBy(summary => summary.Test["accuracy"])!.Validation["accuracy"] < chosen.Validation);
        }
        Assert.That(told, Has.Member(true), "or the test split would have chosen the same");
    }
}
