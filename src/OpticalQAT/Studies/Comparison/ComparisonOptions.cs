using OpticalQAT.Configuration;
using OpticalQAT.Quantization;
using OpticalQAT.Schedules;

namespace OpticalQAT.Studies.Comparison;

/// <summary>
/// A comparison file: one experiment, and what is varied in it. Its result is the table of full precision, rounding
/// after training, and each method at each level table, over seeds and on equal budgets.
/// </summary>
public sealed record ComparisonOptions : IChecked
{
    /// <summary>The name under which its cells and its table are kept: letters, digits, '-', '_' and '.'.</summary>
    public required string Name { get; init; }

    /// <summary>The experiment file, which may have a base itself, that everything is a variation of; a relative path starts at this file. Its full precision, both phases long, is the reference.</summary>
    [LocalPath]
    public required string Base { get; init; }

    /// <summary>Keys of an experiment that replace the base's, and those of every other base named here: a smaller dataset, shorter phases.</summary>
    public ConfigurationPiece? With { get; init; }

    /// <summary>Keys that replace those of the reference alone, after 'with': its learning rate in phase two, where none is searched for.</summary>
    public ConfigurationPiece? Reference { get; init; }

    /// <summary>The seeds. Within a seed everything starts from one full-precision model, and differences are taken within a seed.</summary>
    [AtLeast(0), AtMost(int.MaxValue)]
    public int[] Seeds { get; init; } = [1, 2, 3];

    /// <summary>The methods of training through the levels. By default one: the base's own quantizer.</summary>
    public ComparedMethod[] Methods { get; init; } = [new()];

    /// <summary>Each method is taken with each of these gradient domains, unless its quantizer says which; an empty list leaves it to the method.</summary>
    public GradientDomain[] Gradients { get; init; } = [];

    /// <summary>The level tables. By default one: the base's own.</summary>
    public ComparedLevels[] Levels { get; init; } = [new()];

    /// <summary>The settings searched through for each method at each level table, and for the reference; null takes what the experiments say.</summary>
    public ComparisonSearch? Search { get; init; }

    /// <summary>Whether the continued full-precision model rounded to each level table is a row of its own.</summary>
    public bool PostTraining { get; init; } = true;

    /// <summary>The folder in which the comparison has its own, <c>FOLDER/NAME-compare</c>; relative to the current folder.</summary>
    [LocalPath]
    public string Folder { get; init; } = "runs";

    /// <inheritdoc/>
    public IEnumerable<Problem> Check()
    {
        if (Experiment.ProblemOfName(Name) is { } name)
            yield return name;
        if (Seeds.Length == 0 || Seeds.Distinct().Count() < Seeds.Length)
            yield return new Problem("seeds", "the seeds must be at least one, and each of them once, for example [1, 2, 3]");
        if (Methods.Length == 0)
            yield return new Problem("methods", "the list is empty; leave the key out for the base's own quantizer, or name a method, for example [{ quantizer: { kind: straight_through } }]");
        if (Levels.Length == 0)
            yield return new Problem("levels", "the list is empty; leave the key out for the base's own levels, or name a table, for example [{ table: { kind: cyclic, count: 4 } }]");
    }
}

/// <summary>A method of training through the levels.</summary>
public sealed record ComparedMethod
{
    /// <summary>Its name in the table; by default the kind of its quantizer.</summary>
    public string? Name { get; init; }

    /// <summary>The quantizer without its levels, which the comparison gives it; null is the base's own.</summary>
    public ConfigurationPiece? Quantizer { get; init; }

    /// <summary>Keys of an experiment that replace the base's for this method: a gradient clip, a perturbation.</summary>
    public ConfigurationPiece? With { get; init; }
}

/// <summary>A level table, and what else changes with it.</summary>
public sealed record ComparedLevels
{
    /// <summary>Its name in the table; by default the number of levels.</summary>
    public string? Name { get; init; }

    /// <summary>The printable heights; null leaves the base's.</summary>
    public LevelsKind? Table { get; init; }

    /// <summary>Another experiment file in place of the base: the recipe for this table. It must take as many steps as the reference.</summary>
    [LocalPath]
    public string? Base { get; init; }

    /// <summary>Keys of an experiment that replace the base's for this table: more epochs for phase two and fewer for phase one, another learning rate.</summary>
    public ConfigurationPiece? With { get; init; }
}

/// <summary>The same small search for every method at every level table, and for the reference.</summary>
public sealed record ComparisonSearch : IChecked
{
    /// <summary>The seed that is searched with; null takes the first one of the comparison.</summary>
    [AtLeast(0), AtMost(int.MaxValue)]
    public int? Seed { get; init; }

    /// <summary>Learning rates of phase two; an empty list leaves the experiment's.</summary>
    [AtLeast(1e-12), AtMost(1e6)]
    public double[] LearningRates { get; init; } = [];

    /// <summary>Schedules of that learning rate; an empty list leaves the experiment's.</summary>
    [AtLeast(0), AtMost(1000)]
    public Schedule[] Schedules { get; init; } = [];

    /// <inheritdoc/>
    public IEnumerable<Problem> Check()
    {
        if (LearningRates.Length + Schedules.Length == 0)
            yield return new Problem("", "there is nothing to search through; give learning_rates, schedules or both, for example learning_rates: [0.01, 0.03, 0.1]");
    }
}
