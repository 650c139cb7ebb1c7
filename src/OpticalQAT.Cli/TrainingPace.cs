using System.Diagnostics;
using OpticalQAT.Runs;
using OpticalQAT.Training;
using OpticalQAT.Units;

namespace OpticalQAT.Cli;

/// <summary>The progress of a run, and how long the rest will take at the pace of this process.</summary>
internal sealed class TrainingPace(Experiment experiment)
{
    private readonly Stopwatch _clock = new();
    private PhaseStarted _phase = new(string.Empty, 0, 0);
    private long _stepsOfProcess;
    private int _epoch = 1;
    private int _step;
    private double? _loss;
    private double _imagesPerSecond;

    /// <summary>The phase under way.</summary>
    public string Phase => _phase.Phase.Replace('_', ' ');

    /// <summary>Steps done of the phase.</summary>
    public long StepsDone => (_epoch - 1L) * _phase.StepsPerEpoch + _step;

    /// <summary>Steps of the whole phase.</summary>
    public long StepsOfPhase => (long)_phase.Epochs * _phase.StepsPerEpoch;

    /// <summary>The last validation metrics as a phrase; empty before the first.</summary>
    public string Metrics { get; private set; } = string.Empty;

    /// <summary>The epoch and the step in it, as a phrase.</summary>
    public string Position => $"{_epoch}/{_phase.Epochs}, step {_step}/{_phase.StepsPerEpoch}";

    /// <summary>Rate, loss and the first metric of the last validation, as a phrase.</summary>
    public string Reading =>
        $"{_imagesPerSecond:0}/s" + (_loss is { } loss ? $", loss {loss:0.00}" : string.Empty) + (Metrics.Length > 0 ? ", " + Metrics.Split(',')[0] : string.Empty);

    /// <summary>The time that the steps still to be done will take; null before there is a pace.</summary>
    public TimeSpan? Left
    {
        get
        {
            if (_stepsOfProcess == 0)
                return null;
            var after = string.Equals(_phase.Phase, FullPrecisionPhase.NameInFiles, StringComparison.Ordinal)
                ? (long)experiment.Training.Quantized.Epochs * _phase.StepsPerEpoch
                : 0;
            return _clock.Elapsed / _stepsOfProcess * (StepsOfPhase - StepsDone + after);
        }
    }

    /// <summary>Takes an event in.</summary>
    public void Follow(TrainingEvent happened)
    {
        switch (happened)
        {
            case PhaseStarted phase:
                (_phase, _epoch, _step, _loss) = (phase, 1, 0, null);
                _clock.Start();
                break;
            case StepDone step:
                (_epoch, _step, _loss, _imagesPerSecond) = (step.Epoch, step.Step, step.MeanLoss, step.ImagesPerSecond);
                _stepsOfProcess++;
                break;
            case EpochDone { Record: var record }:
                Metrics = string.Join(", ", record.Validation.Where(m => !string.Equals(m.Key, "loss", StringComparison.Ordinal)).Select(m => $"{m.Key} {NumberText.Plain(m.Value, 4)}"));
                break;
        }
    }
}
