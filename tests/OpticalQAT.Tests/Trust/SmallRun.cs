using System.Text.Json.Nodes;
using OpticalQAT.Configuration;
using OpticalQAT.Reports;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Training;

namespace OpticalQAT.Tests.Trust;

/// <summary>A run of the small experiment, twenty steps in four epochs, that can be worked on in several sittings.</summary>
internal sealed class SmallRun : IDisposable
{
    /// <summary>Steps of the whole run: 40 examples, 8 in a step, 2 + 2 epochs.</summary>
    public const int Steps = 20;

    private readonly TemporaryFolder _folder = new();
    private readonly Experiment _experiment;

    public SmallRun(params string[] overrides) : this(null, overrides)
    {
    }

    /// <summary>A run whose directory lies in a folder, or in one of its own.</summary>
    public SmallRun(string? folder, string[] overrides)
    {
        _experiment = SmallModel.With(overrides);
        Directory = RunDirectory.Create(folder ?? _folder.Path, _experiment.Name, new DateTime(2026, 11, 23, 14, 15, 2), ConfigurationWriter.Write(_experiment, portable: false));
    }

    public RunDirectory Directory { get; }

    /// <summary>The notes of the last process.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Told of everything that happens.</summary>
    public Action<TrainingEvent>? Watched { get; set; }

    /// <summary>Steps done in the last sitting.</summary>
    public int StepsDone { get; private set; }

    /// <summary>The bytes of the result.</summary>
    public byte[] Model => File.ReadAllBytes(Directory.ModelFile);

    /// <summary>The lines of <c>metrics.jsonl</c> without what a clock says.</summary>
    public string[] Epochs =>
    [
        .. File.ReadAllLines(Directory.MetricsFile).Select(line =>
        {
            var record = JsonNode.Parse(line)!.AsObject();
            record.Remove("seconds");
            record.Remove("images_per_second");
            record.Remove("peak_memory");
            record.Remove("device_memory");
            return record.ToJsonString();
        }),
    ];

    /// <summary>Works on the run until it ends, or until something stops it.</summary>
    /// <param name="afterStep">Called after each step with its number in this sitting.</param>
    /// <param name="cancellation">Interrupts it.</param>
    /// <param name="overrides">Another configuration than the run's.</param>
    public Summary Sit(Action<int>? afterStep = null, CancellationToken cancellation = default, params string[] overrides)
    {
        Notes.Clear();
        StepsDone = 0;
        var experiment = overrides.Length > 0 ? SmallModel.With(overrides) : _experiment;
        using var inputs = TrainingInputs.Read(experiment);
        return new TrainingRun(experiment, inputs, Directory, Watch, RunReport.Write).Execute(cancellation);

        void Watch(TrainingEvent happened)
        {
            Watched?.Invoke(happened);
            if (happened is Noted { Message: var message })
                Notes.Add(message);
            if (happened is not StepDone)
                return;
            StepsDone++;
            afterStep?.Invoke(StepsDone);
        }
    }

    /// <summary>Works on the run and interrupts it as a signal does.</summary>
    public void SitUntil(int step)
    {
        using var interruption = new CancellationTokenSource();
        try
        {
            Sit(done => { if (done == step) interruption.Cancel(); }, interruption.Token);
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Works on the run and stops without a chance to save anything, as SIGKILL does.</summary>
    public void SitUntilKilledAt(int step)
    {
        try
        {
            Sit(done => { if (done == step) throw new KilledException(); });
        }
        catch (KilledException)
        {
        }
    }

    public void Dispose() => _folder.Dispose();

    private sealed class KilledException : Exception;
}
