using System.Diagnostics;
using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Formats;
using OpticalQAT.Runs;
using OpticalQAT.Tasks;
using OpticalQAT.Training;
using OpticalQAT.Units;

namespace OpticalQAT.Studies.Comparison;

/// <summary>
/// Works through the cells of a comparison. What is finished is not done again, what was interrupted is continued;
/// a cell that fails is kept as failed, and so is everything that starts from it, while the others go on.
/// </summary>
public sealed class ComparisonRun : IDisposable
{
    private readonly ComparisonPlan _plan;
    private readonly Action<ComparisonEvent> _watch;
    private readonly SharedInputs _shared = new();
    private readonly Dictionary<string, Outcome> _outcomes = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, ComparisonCell> _expected;
    private readonly Metric _score;
    private readonly Stopwatch _clock = new();
    private double _doneWeight;
    private double _processWeight;

    /// <summary>A comparison that is about to be worked on.</summary>
    /// <param name="plan">The plan of the comparison.</param>
    /// <param name="watch">Told how it goes.</param>
    public ComparisonRun(ComparisonPlan plan, Action<ComparisonEvent> watch)
    {
        Runtime.NativeRuntime.Initialize();
        (_plan, _watch) = (plan, watch);
        _expected = plan.Cells(_ => 0).ToDictionary(cell => cell.Key, StringComparer.Ordinal);
        var experiment = plan.Settings[0].Experiment;
        using var task = experiment.Task.Build(experiment.Optics);
        _score = task.Score;
    }

    /// <summary>Runs what is still to be run, and writes the table, in all its forms, into the comparison's folder.</summary>
    /// <param name="cancellation">Saves the state of the cell under way at its next step, and stops.</param>
    /// <exception cref="OperationCanceledException">It was interrupted; the same command goes on.</exception>
    /// <exception cref="DataException">The dataset cannot be read, or does not fit.</exception>
    /// <exception cref="RunDirectoryException">A folder cannot be made, or another process works on a cell.</exception>
    /// <exception cref="IOException">The table cannot be written; the cells are kept.</exception>
    public ComparisonResult Execute(CancellationToken cancellation)
    {
        var chosen = new Dictionary<ComparisonSetting, int>(ReferenceEqualityComparer.Instance);
        var searched = new Dictionary<ComparisonSetting, SearchedCandidate[]>(ReferenceEqualityComparer.Instance);
        foreach (var setting in _plan.Settings.Where(setting => setting.Role != ComparedRole.PostTraining))
            (chosen[setting], searched[setting]) = Search(setting, cancellation);

        _expected = _plan.Cells(setting => chosen[Searched(setting)]).ToDictionary(cell => cell.Key, StringComparer.Ordinal);

        // Seed by seed, so that what there is after an interruption is whole tables of some seeds.
        foreach (var seed in _plan.Comparison.Seeds)
        {
            foreach (var setting in _plan.Settings)
                Get(Cell(setting, seed), $"{setting.Title}, seed {seed}", cancellation);
        }
        var result = Gather(chosen, searched, Cell);
        _plan.Output.Write(result);
        return result;

        ComparisonCell Cell(ComparisonSetting setting, int seed) =>
            setting.Cell(_plan.CellFolder, setting.Candidates[chosen[Searched(setting)]], seed);
    }

    /// <inheritdoc/>
    public void Dispose() => _shared.Dispose();

    // A rounding is that of the reference, whose search it shares.
    private static ComparisonSetting Searched(ComparisonSetting setting) => setting.Role == ComparedRole.PostTraining ? setting.Reference! : setting;

    /// <summary>The candidate with the best validation score, or the first where there is nothing to choose.</summary>
    private (int Chosen, SearchedCandidate[] Searched) Search(ComparisonSetting setting, CancellationToken cancellation)
    {
        if (_plan.SearchSeed is not { } seed || setting.Candidates.Count == 1)
            return (0, []);
        var outcomes = setting.Candidates.Select(candidate => Get(
            setting.Cell(_plan.CellFolder, candidate, seed), $"{setting.Title}, search: learning rate {candidate.LearningRate}{(_plan.Comparison.Search!.Schedules.Length > 1 ? " " + candidate.Schedule : string.Empty)}", cancellation)).ToArray();
        var best = outcomes.Index().Where(each => each.Item.Summary is not null)
            .OrderByDescending(each => _score.Merit(each.Item.Summary!.Validation[_score.Name])).ThenBy(each => each.Item.Summary!.Validation.GetValueOrDefault(Metric.Loss.Name))
            .Select(each => each.Index).FirstOrDefault();
        return (best, [.. setting.Candidates.Zip(outcomes).Select((each, i) => new SearchedCandidate(
            each.First.LearningRate, each.First.Schedule, each.Second.Summary?.Validation[_score.Name], i == best, each.Second.Failure))]);
    }

    /// <summary>The outcome of a cell, which is run if it has none yet.</summary>
    private Outcome Get(ComparisonCell cell, string title, CancellationToken cancellation)
    {
        if (_outcomes.TryGetValue(cell.Key, out var known))
            return known;
        if (cell.Start is { } start && Get(start, $"full precision to start from, seed {start.Experiment.Seed}", cancellation) is { Failure: { } failure })
            return _outcomes[cell.Key] = new(null, $"the model that it starts from has failed: {failure}");
        if (cell.Find() is { IsFinished: true } finished)
        {
            _doneWeight += cell.Weight;
            return _outcomes[cell.Key] = new(SummaryOf(finished), null);
        }
        cancellation.ThrowIfCancellationRequested();
        return _outcomes[cell.Key] = Train(cell, title, cancellation);
    }

    private Outcome Train(ComparisonCell cell, string title, CancellationToken cancellation)
    {
        // Before the folder is made, so that a wrong path or an interruption leaves nothing behind.
        var inputs = _shared.For(cell, cancellation);
        using var start = inputs.Start;
        var directory = RunDirectory.OpenOrCreate(cell.Path, ConfigurationWriter.Write(cell.Experiment, portable: false));
        var number = _outcomes.Count + 1;
        _watch(new CellStarted(number, Count, title, cell));
        _clock.Start();
        Outcome outcome;
        var epochs = 0.0;
        try
        {
            outcome = new(new TrainingRun(cell.Experiment, inputs, directory, Follow).Execute(cancellation), null);
        }
        catch (TrainingFailedException failed)
        {
            outcome = new(null, failed.Message);
        }
        _doneWeight += cell.Weight;
        _processWeight += cell.Weight;
        _watch(new CellDone(number, Count, title, outcome.Failure ?? Words(cell, outcome.Summary!), Left(0)));
        return outcome;

        void Follow(TrainingEvent happened)
        {
            if (happened is EpochDone { Record.Epoch: > 0 })
                epochs++;
            _watch(new CellProgress(happened, (_doneWeight + epochs) / Weight, Left(epochs)));
        }
    }

    private int Count => _expected.Count;

    private double Weight => _expected.Values.Sum(cell => cell.Weight);

    private TimeSpan? Left(double epochs) =>
        _processWeight + epochs < 1 ? null : _clock.Elapsed / (_processWeight + epochs) * Math.Max(0, Weight - _doneWeight - epochs);

    private string Words(ComparisonCell cell, Summary summary) => ScoreOf(cell, summary) is { } score && Rounds(cell)
        ? $"{_score.Name} {NumberText.Plain(score, 4)} after rounding"
        : $"validation {_score.Name} {NumberText.Plain(summary.Validation[_score.Name], 4)}, {summary.Seconds:0} s";

    private static bool Rounds(ComparisonCell cell) => cell.Experiment is { Quantizer: Quantization.NoQuantizer, Training: { FullPrecision.Epochs: 0, Quantized.Epochs: 0 } };

    private double? ScoreOf(ComparisonCell cell, Summary summary) => Rounds(cell) ? summary.PostTraining?[_score.Name] : summary.Test[_score.Name];

    private static Summary SummaryOf(RunDirectory directory)
    {
        try
        {
            return System.Text.Json.JsonSerializer.Deserialize<Summary>(File.ReadAllText(directory.SummaryFile), Json.Document)
                ?? throw new Formats.FileFormatException(directory.SummaryFile, "it is empty");
        }
        catch (System.Text.Json.JsonException damaged)
        {
            throw new Formats.FileFormatException(directory.SummaryFile, $"it is damaged: {damaged.Message}; remove the folder, and the cell is run again");
        }
    }

    private ComparisonResult Gather(
        Dictionary<ComparisonSetting, int> chosen, Dictionary<ComparisonSetting, SearchedCandidate[]> searched, Func<ComparisonSetting, int, ComparisonCell> cellOf)
    {
        var (comparison, first) = (_plan.Comparison, _plan.Settings[0]);
        var rows = _plan.Settings.Select(Row).ToArray();
        return new ComparisonResult
        {
            Name = comparison.Name,
            Task = KindNames.Of(first.Experiment.Task),
            Score = _score,
            Seeds = comparison.Seeds,
            Examples = _shared.CountOf(first.Experiment),
            Steps = rows[0].Scores.Select(score => score.Seed).Select(seed => StepsOf(cellOf(first, seed))).Max(),
            Search = _plan.SearchSeed is { } seed && first.Candidates.Count > 1
                ? new(seed, [.. first.Candidates.Select(candidate => candidate.LearningRate).Distinct()], [.. first.Candidates.Select(candidate => candidate.Schedule).Distinct(StringComparer.Ordinal)])
                : null,
            Rows = rows,
            Seconds = Math.Round(_outcomes.Values.Sum(outcome => outcome.Summary?.Seconds ?? 0), 1),
        };

        ComparedRow Row(ComparisonSetting setting)
        {
            var candidate = setting.Candidates[chosen[Searched(setting)]];
            var training = candidate.Experiment.Training;
            var isTrained = setting.Role != ComparedRole.PostTraining;
            return new ComparedRow
            {
                Role = setting.Role switch { ComparedRole.FullPrecision => "full_precision", ComparedRole.PostTraining => "post_training", _ => "method" },
                Name = setting.Name,
                Quantizer = setting.Quantizer,
                Gradient = setting.Gradient,
                Levels = setting.Levels,
                LevelCount = setting.LevelCount,
                FullPrecisionEpochs = isTrained ? training.FullPrecision.Epochs : training.FullPrecision.Epochs + training.Quantized.Epochs,
                QuantizedEpochs = isTrained ? training.Quantized.Epochs : 0,
                Reference = setting.Reference is { } reference ? _plan.Settings.Index().First(each => ReferenceEquals(each.Item, reference)).Index : null,
                LearningRate = isTrained ? candidate.LearningRate : null,
                Schedule = isTrained ? candidate.Schedule : null,
                Scores = [.. comparison.Seeds.Select(each => Score(setting, each))],
                Searched = searched.GetValueOrDefault(setting, []),
            };
        }

        ComparedScore Score(ComparisonSetting setting, int seed)
        {
            var cell = cellOf(setting, seed);
            var (summary, failure) = _outcomes[cell.Key];
            var score = summary is null ? null : ScoreOf(cell, summary);
            var reference = setting.Reference is { } row && cellOf(row, seed) is var full && _outcomes[full.Key].Summary is { } its ? ScoreOf(full, its) : null;
            var metrics = (Rounds(cell) ? summary?.PostTraining : summary?.Test) ?? new Dictionary<string, double>(StringComparer.Ordinal);
            return new(seed, score, score - reference, Rounds(cell) ? null : summary?.Validation[_score.Name], metrics, summary?.Seconds ?? 0, cell.Path, failure);
        }
    }

    private long StepsOf(ComparisonCell cell) => (_outcomes[cell.Key].Summary?.Steps ?? 0) + (cell.Start is { } start ? StepsOf(start) : 0);

    /// <summary>The outcome of a cell: a result, or the reason why there is none.</summary>
    private sealed record Outcome(Summary? Summary, string? Failure);
}
