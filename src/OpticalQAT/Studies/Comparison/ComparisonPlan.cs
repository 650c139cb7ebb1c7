using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Quantization;
using OpticalQAT.Runs;
using OpticalQAT.Training;

namespace OpticalQAT.Studies.Comparison;

/// <summary>A comparison with all its rows worked out: every experiment that will be run is known and has no errors.</summary>
public sealed class ComparisonPlan
{
    private readonly List<ComparisonSetting> _settings = [];

    private ComparisonPlan(ComparisonOptions comparison) => Comparison = comparison;

    /// <summary>The comparison as its file describes it.</summary>
    public ComparisonOptions Comparison { get; }

    /// <summary>The folder of the comparison.</summary>
    public string Folder => Path.Combine(Comparison.Folder, Comparison.Name + "-compare");

    /// <summary>The files that its result is written to.</summary>
    public ComparisonFolder Output => new(Folder);

    /// <summary>The folder of its cells.</summary>
    public string CellFolder => Path.Combine(Folder, "cells");

    /// <summary>The rows: references first, then for each level table the rounding and the methods.</summary>
    public IReadOnlyList<ComparisonSetting> Settings => _settings;

    /// <summary>The seed that the search is made with; null where there is none.</summary>
    public int? SearchSeed => Comparison.Search is { } search ? search.Seed ?? Comparison.Seeds[0] : null;

    /// <summary>
    /// Whether a file describes a comparison rather than an experiment, which may have a base as well: it has a base and a key that
    /// only comparisons have. A file that cannot be read describes neither.
    /// </summary>
    public static bool Recognises(string path) =>
        File.Exists(path) && ConfigurationDraft.OfFile(path, []) is { } draft && draft.Has("base") && OwnKeys.Any(draft.Has);

    private static IEnumerable<string> OwnKeys =>
        RecordShape.Of(typeof(ComparisonOptions)).Keys.Select(key => key.Name).Except(RecordShape.Of(typeof(Experiment)).Keys.Select(key => key.Name), StringComparer.Ordinal).Where(key => key is not "base");

    /// <summary>Reads a comparison file and everything that it names.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides"><c>key=value</c> with dotted paths into that file.</param>
    public static ConfigurationResult<ComparisonPlan> Read(string path, IReadOnlyList<string> overrides)
    {
        var read = ConfigurationReader.ReadFile<ComparisonOptions>(path, overrides);
        if (read.Value is null)
            return new(null, read.Errors, read.Notices);
        var plan = new ComparisonPlan(read.Value);
        var errors = new Composer(plan, read, Path.GetDirectoryName(Path.GetFullPath(path))!).Compose();
        return new(errors.Length == 0 ? plan : null, errors, read.Notices);
    }

    /// <summary>The findings of an examination of all experiments, each finding once, errors first.</summary>
    public IReadOnlyList<Finding> Examine() =>
        [.. _settings.SelectMany(setting => setting.Experiment.Examine()).Distinct().OrderByDescending(finding => finding.IsError)];

    /// <summary>All cells, each once: those of the search, and for every seed that of the candidate that was chosen.</summary>
    /// <param name="chosen">The index of a row's candidate; before the search any will do to count them.</param>
    public IReadOnlyList<ComparisonCell> Cells(Func<ComparisonSetting, int> chosen)
    {
        var cells = _settings.SelectMany(setting =>
        {
            var searched = SearchSeed is { } seed && setting.Candidates.Count > 1 && setting.Role != ComparedRole.PostTraining
                ? setting.Candidates.Select(candidate => setting.Cell(CellFolder, candidate, seed))
                : [];
            return searched.Concat(Comparison.Seeds.Select(each => setting.Cell(CellFolder, setting.Candidates[chosen(setting)], each)));
        });
        return [.. cells.SelectMany(WithStarts).DistinctBy(cell => cell.Key, StringComparer.Ordinal)];
    }

    private static IEnumerable<ComparisonCell> WithStarts(ComparisonCell cell) => cell.Start is { } start ? WithStarts(start).Append(cell) : [cell];

    /// <summary>Puts the experiments together.</summary>
    private sealed class Composer(ComparisonPlan plan, ConfigurationResult<ComparisonOptions> read, string folder)
    {
        private readonly ComparisonOptions _comparison = read.Value!;
        private readonly List<ConfigurationError> _errors = [];
        private readonly Dictionary<string, ConfigurationDraft?> _bases = new(StringComparer.Ordinal);
        private readonly Dictionary<string, DatasetKind> _datasets = new(StringComparer.Ordinal);

        public ConfigurationError[] Compose()
        {
            if (Base(_comparison.Base, "base")?.With(_comparison.With) is { } standard)
            {
                var reference = Experiments(standard.With(_comparison.Reference).Put("quantizer", new NoQuantizer(), read.PlaceOf("base")).Put("training.refinement", null, read.PlaceOf("base")));
                for (var i = 0; i < _comparison.Levels.Length; i++)
                    AddLevels(i, standard, reference);
            }
            // One mistake in a base or in 'with' is a mistake of every row.
            return [.. _errors.Distinct()];
        }

        private void AddLevels(int index, ConfigurationDraft standard, IReadOnlyList<ComparisonCandidate> reference)
        {
            var (levels, key) = (_comparison.Levels[index], $"levels.{index}");
            var draft = levels.Base is { } other ? Base(other, key + ".base")?.With(_comparison.With) : standard;
            if (draft?.With(levels.With) is not { } common)
                return;
            for (var i = 0; i < _comparison.Methods.Length; i++)
            {
                var method = _comparison.Methods[i];
                var chosen = common.Put("quantizer", method.Quantizer).With(method.With);
                if (levels.Table is { } table)
                    chosen = chosen.Put("quantizer.levels", table, read.PlaceOf(key + ".table"));
                GradientDomain?[] domains = _comparison.Gradients.Length == 0 || method.Quantizer?.Has("gradient") is true ? [null] : [.. _comparison.Gradients];
                foreach (var domain in domains)
                    AddMethod(index, i, domain is null ? chosen : chosen.Put("quantizer.gradient", domain, read.PlaceOf("gradients")), reference);
            }
        }

        private void AddMethod(int levels, int method, ConfigurationDraft draft, IReadOnlyList<ComparisonCandidate> reference)
        {
            var candidates = Experiments(draft);
            // Where there are errors already, there is nothing to compare; what else is wrong is still wanted.
            if (candidates.Count == 0 || reference.Count == 0)
                return;
            var (experiment, place) = (candidates[0].Experiment, read.PlaceOf($"levels.{levels}"));
            if (experiment.Quantizer is NoQuantizer)
            {
                _errors.Add(new(read.PlaceOf($"methods.{method}"), "this method has no quantizer, and neither has the base; give it one, for example quantizer: { kind: straight_through }"));
                return;
            }
            if (ProblemOfBudget(experiment, reference[0].Experiment) is { } problem)
            {
                _errors.Add(new(place, problem));
                return;
            }
            var title = _comparison.Levels[levels].Name ?? TitleOf(experiment);
            var full = Reference(experiment, reference);
            if (_comparison.PostTraining && !plan._settings.Exists(row => row.Role == ComparedRole.PostTraining && string.Equals(row.Levels, title, StringComparison.Ordinal)))
                plan._settings.Add(new(ComparedRole.PostTraining, "rounded after training", title, experiment.Quantizer.Levels, full.Candidates, full));
            var setting = new ComparisonSetting(
                ComparedRole.Method, NameOf(_comparison.Methods[method], experiment), title, experiment.Quantizer.Levels, candidates, full);
            if (plan._settings.Exists(row => string.Equals(row.Title, setting.Title, StringComparison.Ordinal)))
                _errors.Add(new(place, $"there are two rows '{setting.Title}'; give levels or methods a name of their own"));
            plan._settings.Add(setting);
        }

        /// <summary>The reference of a row: heights that a table which does not close confines are confined in full precision too.</summary>
        private ComparisonSetting Reference(Experiment experiment, IReadOnlyList<ComparisonCandidate> reference)
        {
            var bounds = ComparisonCell.BoundsOf(experiment);
            if (plan._settings.Find(row => row.Role == ComparedRole.FullPrecision && AreEqual(row.Experiment.Quantizer.Levels, bounds)) is { } known)
                return known;
            var name = bounds is null ? "full precision, continued" : $"full precision, continued, within {ConfigurationWriter.WriteInline(bounds)}";
            var added = new ComparisonSetting(ComparedRole.FullPrecision, name, null, null,
                [.. reference.Select(candidate => candidate with { Experiment = candidate.Experiment with { Quantizer = new NoQuantizer { Levels = bounds } } })], null);
            plan._settings.Insert(plan._settings.Count(row => row.Role == ComparedRole.FullPrecision), added);
            return added;
        }

        /// <summary>The experiments of a draft, one for each point of the search; none where it has errors.</summary>
        private List<ComparisonCandidate> Experiments(ConfigurationDraft draft)
        {
            const string Phase = "training.quantized.";
            var search = _comparison.Search;
            IEnumerable<ConfigurationDraft> drafts = [draft];
            if (search?.LearningRates is { Length: > 0 } rates)
                drafts = drafts.SelectMany(each => rates.Select((rate, i) => each.Put(Phase + "optimizer.learning_rate", rate, read.PlaceOf($"search.learning_rates.{i}")))).ToArray();
            if (search?.Schedules is { Length: > 0 } schedules)
                drafts = drafts.SelectMany(each => schedules.Select((schedule, i) => each.Put(Phase + "schedule", schedule, read.PlaceOf($"search.schedules.{i}")))).ToArray();
            var results = drafts.Select(each => each.Read<Experiment>()).Select(result => result with { Value = result.Value?.WithStartFound() }).ToArray();
            _errors.AddRange(results.SelectMany(result => result.Errors));
            return [.. results.Select(result => result.Value).OfType<Experiment>().Select(WithSharedDataset).Select(experiment => new ComparisonCandidate(
                experiment.Training.Quantized.Optimizer.LearningRate, ConfigurationWriter.WriteInline(experiment.Training.Quantized.Schedule), experiment))];
        }

        /// <summary>Experiments of one dataset have one record of it, so that its files are looked at once.</summary>
        private Experiment WithSharedDataset(Experiment experiment)
        {
            var text = ConfigurationWriter.WriteInline(experiment.Task.Dataset);
            if (!_datasets.TryGetValue(text, out var shared))
                _datasets.Add(text, shared = experiment.Task.Dataset);
            return experiment with { Task = experiment.Task with { Dataset = shared } };
        }

        private ConfigurationDraft? Base(string name, string key)
        {
            var path = Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(folder, name));
            if (_bases.TryGetValue(path, out var known))
                return known;
            if (!File.Exists(path))
                _errors.Add(new(read.PlaceOf(key), $"'{key}' names {path}, and there is no such file; a relative path starts at the comparison file's folder"));
            else
                known = ConfigurationDraft.OfFiles(path, _errors);
            return _bases[path] = known;
        }

        /// <summary>Rows are compared on equal budgets: as many steps on as much data.</summary>
        private static string? ProblemOfBudget(Experiment experiment, Experiment reference)
        {
            var (own, full) = (experiment.Training, reference.Training);
            if (own.FullPrecision.Epochs + own.Quantized.Epochs != full.FullPrecision.Epochs + full.Quantized.Epochs || own.BatchSize != full.BatchSize)
            {
                return $"here are {Budget(own)}, in the reference {Budget(full)}; both must take as many steps in all, "
                    + "so change the phases here, or those of the reference under the key 'reference'";
            }
            var (data, dataOfReference) = (ConfigurationWriter.WriteInline(experiment.Task.Dataset), ConfigurationWriter.WriteInline(reference.Task.Dataset));
            return string.Equals(data, dataOfReference, StringComparison.Ordinal) ? null : $"the dataset here is {data}, in the reference {dataOfReference}; both must learn from the same";
        }

        // By what is written: lists within a record are not compared by their elements.
        private static bool AreEqual(object? one, object? other) =>
            string.Equals(ConfigurationWriter.WriteInline(one), ConfigurationWriter.WriteInline(other), StringComparison.Ordinal);

        private static string Budget(TrainingOptions training) =>
            $"{training.FullPrecision.Epochs} + {training.Quantized.Epochs} epochs in batches of {training.BatchSize}";

        // A refinement comes on top of the steps that all rows share, and must be seen.
        private static string NameOf(ComparedMethod method, Experiment experiment) =>
            (method.Name ?? KindNames.Of(experiment.Quantizer).Replace('_', ' ')) + (experiment.Training.Refinement is null ? string.Empty : ", refined");

        private static string TitleOf(Experiment experiment)
        {
            var kind = experiment.Quantizer.Levels!;
            var counts = experiment.Levels!.Select(table => table.Count).ToArray();
            return $"{(counts.Min() == counts.Max() ? $"{counts[0]}" : $"{counts.Min()} to {counts.Max()}")} levels{(kind is CyclicLevels ? string.Empty : ", " + KindNames.Of(kind))}";
        }
    }
}
