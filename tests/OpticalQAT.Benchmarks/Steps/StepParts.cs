using OpticalQAT.Benchmarks.Comparison;
using OpticalQAT.Models;
using OpticalQAT.Tasks;
using OpticalQAT.Training;
using TorchSharp;
using TorchSharp.Modules;

namespace OpticalQAT.Benchmarks.Steps;

/// <summary>The cost of the parts of a training step, each on its own: where the time goes that is not propagation.</summary>
internal sealed class StepParts : IDisposable
{
    private readonly ExampleFields _source;
    private readonly torch.Tensor _indices;
    private readonly OpticalModel _network;
    private readonly LearningTask _task;
    private readonly torch.Tensor _output;
    private readonly torch.Tensor _transmissionGradient;
    private readonly Parameter[] _parameters;
    private readonly torch.optim.Optimizer _optimizer;
    private readonly Batch _batch;

    public StepParts(OpticalModel network, LearningTask task, ExampleFields source, int batch)
    {
        (_network, _task, _source) = (network, task, source);
        var n = network.Grid.Size;
        _indices = torch.randperm(source.Count)[..batch].clone();
        _batch = source.Take(_indices);
        _output = torch.view_as_complex(torch.randn(batch, n, n, 2)).requires_grad_();
        _transmissionGradient = torch.view_as_complex(torch.randn(network.Masks.Count, n, n, 2));
        _parameters = [.. network.parameters()];
        _optimizer = new AdamOptimizer().Build(_parameters);
        network.train();
    }

    /// <summary>The parts, each ready to be run over and over.</summary>
    public IEnumerable<(string Name, Action Run)> All()
    {
        yield return ("  part: the batch's fields", () => _source.Take(_indices));
        yield return ("  part: masks, forward", () => _network.Masks.Surface());
        yield return ("  part: masks, forward and backward", () =>
            _network.Masks.Surface().Transmissions.backward([_transmissionGradient]));
        yield return ("  part: detector and loss, forward", () => _task.Loss(_batch.At(_output), _batch.Targets));
        yield return ("  part: detector and loss, forward and backward", () =>
        {
            _output.grad = null;
            _task.Loss(_batch.At(_output), _batch.Targets).backward();
        }
        );
        yield return ("  part: watching loss and gradients", () =>
        {
            using var watch = new StepWatch(torch.CPU);
            watch.Add(_transmissionGradient.real.sum(), _parameters.Select(p => p.grad!));
            _ = watch.Look();
        }
        );
        yield return ("  part: optimizer", () => _optimizer.step());
        yield return ("  part: zeroing gradients", () => _optimizer.zero_grad());
        yield return ("  part: confining positions", _network.Masks.Confine);
    }

    /// <summary>Times a part: the steps that a round has.</summary>
    public static IReadOnlyList<double> Times(Action part, int count) => [.. Enumerable.Range(0, count).Select(_ => StepClock.Measure(
        () =>
        {
            using var scope = torch.NewDisposeScope();
            part();
        },
        threads: 1).Cpu)];

    public void Dispose()
    {
        _source.Dispose();
        _indices.Dispose();
        _output.Dispose();
        _transmissionGradient.Dispose();
        _optimizer.Dispose();
    }
}
