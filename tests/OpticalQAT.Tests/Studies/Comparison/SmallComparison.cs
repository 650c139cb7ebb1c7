using OpticalQAT.Studies.Comparison;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Trust;

namespace OpticalQAT.Tests.Studies.Comparison;

/// <summary>A folder with a comparison of the small model, in which a cell takes moments.</summary>
internal sealed class SmallComparison : IDisposable
{
    /// <summary>Two methods by both domains at two tables, over two seeds, after a search of two learning rates.</summary>
    public const string Yaml = """
        name: small
        base: base.yaml
        seeds: [1, 2]
        methods:
          - quantizer: { kind: straight_through }
          - { name: sigmoid, quantizer: { kind: progressive_sigmoid, gradient: transmission } }
        gradients: [transmission, height]
        levels:
          - table: { kind: cyclic, count: 2 }
          - table: { kind: cyclic, count: 4 }
        search: { learning_rates: [0.01, 0.05] }
        """;

    private readonly TemporaryFolder _folder = new();

    public SmallComparison(string yaml = Yaml)
    {
        File.WriteAllText(_folder.File("base.yaml"), SmallModel.Yaml);
        File.WriteAllText(Path, yaml);
    }

    public string Folder => _folder.Path;

    public string Path => _folder.File("compare.yaml");

    /// <summary>The messages of the last process.</summary>
    public List<ComparisonEvent> Events { get; } = [];

    public ComparisonPlan Plan(params string[] overrides) => ComparisonPlan.Read(Path, [$"folder={_folder.File("runs")}", .. overrides]).ValueOrThrow();

    /// <summary>Works on the comparison until it ends, or until a cell with that number begins.</summary>
    public ComparisonResult? Sit(int? interruptedAt, params string[] overrides)
    {
        Events.Clear();
        using var interruption = new CancellationTokenSource();
        using var run = new ComparisonRun(Plan(overrides), happened =>
        {
            Events.Add(happened);
            if (happened is CellProgress { Happened: OpticalQAT.Training.StepDone { Step: 2 } } && Events.OfType<CellStarted>().Count() == interruptedAt)
                interruption.Cancel();
        });
        try
        {
            return run.Execute(interruption.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    public void Dispose() => _folder.Dispose();
}
