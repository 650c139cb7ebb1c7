using OpticalQAT.Models;
using OpticalQAT.Tasks;
using OpticalQAT.Training;

namespace OpticalQAT.Runs;

/// <summary>
/// The last mile on hard levels. It needs no checkpoint of its own: it draws nothing but what follows from the seed, and a
/// run that is resumed after phase two refines anew, to the same bytes. As in the other phases, the best by validation is kept.
/// </summary>
/// <param name="run">The run, shared by its phases.</param>
/// <param name="options">The options of the refinement.</param>
internal sealed class RefinementPhase(RunContext run, RefinementOptions options) : RunPhase(run)
{
    /// <summary>The name in files.</summary>
    public const string NameInFiles = "refinement";

    /// <inheritdoc/>
    public override string Name => NameInFiles;

    /// <inheritdoc/>
    public override PhaseResult Execute(PhaseResult before)
    {
        var model = before.Model;
        if (FlipRefiner.Obstacle(model) is { } obstacle)
        {
            Run.Note(obstacle);
            return before;
        }
        var refiner = new FlipRefiner(model, Run.Task, Run.Fields.Train, options, Run.Experiment.Seed);
        Run.Watch(new PhaseStarted(Name, options.Rounds, 1));
        var best = ModelState.Of(model, Run.Task);
        var bestMetrics = Record(model, round: 0, loss: null);
        for (var round = 0; round < options.Rounds; round++)
        {
            var done = refiner.Round(round, Run.Cancellation);
            Run.Note($"refinement, round {round + 1}: {done.Moves} pixels moved, training loss {done.LossBefore:0.0000} to {done.Loss:0.0000}");
            if (done.Moves == 0)
                break;
            var metrics = Record(model, round + 1, done.Loss);
            if (!Run.Task.IsBetter(metrics, bestMetrics))
                continue;
            best.Dispose();
            (best, bestMetrics) = (ModelState.Of(model, Run.Task), metrics);
        }
        best.Restore(model, Run.Task);
        best.Dispose();
        return new PhaseResult(model, bestMetrics[Metric.Loss.Name]);
    }

    private IReadOnlyDictionary<string, double> Record(OpticalModel model, int round, double? loss)
    {
        using var measurement = Evaluator.Evaluate(model, Run.Task, Run.Fields.Validation, Run.Cancellation);
        var record = new EpochRecord { Phase = Name, Epoch = round, Step = Run.Steps, Loss = loss, Validation = measurement.Result() };
        Run.Journal.Add(record);
        Run.Watch(new EpochDone(record));
        return record.Validation;
    }
}
