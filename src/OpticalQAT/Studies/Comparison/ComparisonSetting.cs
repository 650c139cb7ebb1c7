using OpticalQAT.Configuration;
using OpticalQAT.Models;
using OpticalQAT.Quantization;

namespace OpticalQAT.Studies.Comparison;

/// <summary>The role of a row of the comparison.</summary>
public enum ComparedRole
{
    /// <summary>Full precision in both phases: what every row is compared with.</summary>
    FullPrecision,

    /// <summary>That model rounded to the levels.</summary>
    PostTraining,

    /// <summary>Trained through the levels.</summary>
    Method,
}

/// <summary>A row of the comparison before it has scores.</summary>
/// <param name="Role">Its role.</param>
/// <param name="Name">Its name.</param>
/// <param name="Levels">The name of its level table; null in full precision.</param>
/// <param name="Table">Its printable heights; null in full precision.</param>
/// <param name="Candidates">The candidates of its search, at least one; of a rounding the reference's.</param>
/// <param name="Reference">The row that it is compared with; null for a reference.</param>
public sealed record ComparisonSetting(
    ComparedRole Role, string Name, string? Levels, LevelsKind? Table, IReadOnlyList<ComparisonCandidate> Candidates, ComparisonSetting? Reference)
{
    /// <summary>The experiment, as its first candidate has it.</summary>
    public Experiment Experiment => Candidates[0].Experiment;

    /// <summary>The gradient domain; null where nothing is trained through levels.</summary>
    public string? Gradient => Role == ComparedRole.Method ? Experiment.Quantizer.Gradient.ToString().ToLowerInvariant() : null;

    /// <summary>The kind of the quantizer; null where nothing is trained through levels.</summary>
    public string? Quantizer => Role == ComparedRole.Method ? KindNames.Of(Experiment.Quantizer) : null;

    /// <summary>The number of levels, the most where layers differ; null in full precision.</summary>
    public int? LevelCount => Table?.Build(Experiment.Model.Material(Experiment.Optics), Experiment.Model.LayerCount).Max(table => table.Count);

    /// <summary>The row in words.</summary>
    public string Title => string.Join(", ", new[] { Levels, Name, Gradient is { } domain ? "by " + domain : null }.OfType<string>());

    /// <summary>The run of a candidate with a seed.</summary>
    /// <param name="folder">The folder of the cells.</param>
    /// <param name="candidate">One of <see cref="Candidates"/>.</param>
    /// <param name="seed">The seed.</param>
    public ComparisonCell Cell(string folder, ComparisonCandidate candidate, int seed)
    {
        var trained = ComparisonCell.OfPhaseTwo(folder, candidate.Experiment, seed);
        return Role == ComparedRole.PostTraining ? ComparisonCell.OfRounding(folder, trained, Table!) : trained;
    }
}

/// <summary>One candidate of the search.</summary>
/// <param name="LearningRate">Of phase two, as the experiment has it.</param>
/// <param name="Schedule">Of that learning rate, in YAML.</param>
/// <param name="Experiment">The experiment that results.</param>
public sealed record ComparisonCandidate(double LearningRate, string Schedule, Experiment Experiment);
