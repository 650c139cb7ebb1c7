using OpticalQAT.Data;
using OpticalQAT.Models;
using OpticalQAT.Runtime;
using OpticalQAT.Tasks;
using static TorchSharp.torch;

namespace OpticalQAT.Training;

/// <summary>
/// Refines a model at hard levels. Moves that each lower the loss mostly raise it when they are made together, since
/// every one was meant to mend the same mistakes. So moves are chosen one after the other by a quadratic model of the
/// loss: its gradient from all training examples, its curvature (Gauss-Newton, through the outputs) from some of them,
/// drawn the more often the less certain the model is of them. How many of the chosen ones are really made is found by
/// trying.
/// </summary>
/// <remarks>
/// For moves s in {0, 1}: L(s) ≈ L - g·s + ½ sᵀ(AᵀA)s, where each row of A is what the moves change of one curvature
/// factor of one example. After each choice g loses AᵀA's column, and the next move is the one with the most of g - ½ diag(AᵀA).
/// </remarks>
public sealed class FlipRefiner
{
    internal const int Chunk = 250;
    private const int Candidates = 4096;
    private const double LeastWeight = 0.01;

    private readonly OpticalModel _network;
    private readonly LearningTask _task;
    private readonly ExampleFields _train;
    private readonly RefinementOptions _options;
    private readonly long _seed;

    /// <summary>A refiner.</summary>
    /// <param name="network">The model at its levels, on its device.</param>
    /// <param name="task">The task, on the same device.</param>
    /// <param name="train">The training split.</param>
    /// <param name="options">The options of the refinement.</param>
    /// <param name="seed">The experiment's seed; everything drawn follows from it and the round.</param>
    public FlipRefiner(OpticalModel network, LearningTask task, ExampleFields train, RefinementOptions options, long seed)
    {
        (_network, _task, _train, _options, _seed) = (network, task, train, options, seed);
    }

    /// <summary>The reason why a model cannot be refined; null where it can.</summary>
    public static string? Obstacle(OpticalModel network) =>
        network.Masks.LearnPositionsOfLevels ? null
        : "The refinement moves pixels by their positions, and this quantizer learns something else in their place; nothing is refined.";

    /// <summary>One round; leaves the model as it was where nothing helps.</summary>
    /// <param name="round">Its number, from 0.</param>
    /// <param name="cancellation">Leaves the model as it was, and stops.</param>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public RefinedRound Round(int round, CancellationToken cancellation)
    {
        var wasTraining = _network.training;
        _network.eval();
        try
        {
            using var scope = NewDisposeScope();
            var (gradient, weights) = Gradient(cancellation);
            using var moves = PixelMoves.Of(_network.Masks, gradient);
            var chosen = Choose(moves, weights, Seeds.Derive(_seed, "refinement", round), cancellation);
            return Try(moves, chosen, round, cancellation);
        }
        finally
        {
            _network.train(wasTraining);
        }
    }

    /// <summary>The gradient of the mean loss by every sample's transmission, and how much each example tells of the curvature.</summary>
    private (Tensor Gradient, float[] Weights) Gradient(CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var surface = _network.Masks.Surface().AsLeaf();
        List<float> weights = [];
        foreach (var batch in Batches(arange(_train.Count, dtype: ScalarType.Int64, device: surface.Transmissions.device), cancellation))
        {
            var output = batch.At(_network.FromFirstMask(batch.Fields, surface));
            var share = batch.Entered.shape[0] / (float)_train.Count;
            (_task.Loss(output, batch.Targets) * share).BackwardGuarded();
            using var untracked = no_grad();
            weights.AddRange(_task.Uncertainties(output with { Field = output.Field.detach() }).to(ScalarType.Float32).cpu().data<float>().ToArray());
        }
        return (surface.Transmissions.grad!.MoveToOuterDisposeScope(), [.. weights]);
    }

    /// <summary>The moves in the order in which they are to be made.</summary>
    private List<long> Choose(PixelMoves moves, float[] weights, long seed, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var (gains, pixels) = moves.Gains.topk((int)Math.Min(Candidates, moves.Gains.shape[0]));
        var factors = Factors(moves, pixels, weights, seed, cancellation);
        var byMove = factors.t().contiguous();
        var half = factors.square().sum(dim: 0L) / 2;
        var left = gains - half;
        List<long> chosen = [];
        while (chosen.Count < _options.Moves)
        {
            using var step = NewDisposeScope();
            cancellation.ThrowIfCancellationRequested();
            var best = left.argmax().item<long>();
            if (!(left[best].item<float>() > 0))
                break;
            chosen.Add(pixels[best].item<long>());
            left.sub_(byMove.mv(byMove[best]));
            left[best] = float.NegativeInfinity;
        }
        return chosen;
    }

    /// <summary>A, [rows, moves], scaled so that AᵀA estimates the curvature of the mean loss.</summary>
    private Tensor Factors(PixelMoves moves, Tensor pixels, float[] weights, long seed, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var tracked = enable_grad();
        var surface = _network.Masks.Surface().AsLeaf();
        List<Tensor> rows = [];
        foreach (var (example, scale) in Draw(weights, _options.CurvatureExamples, seed))
        {
            cancellation.ThrowIfCancellationRequested();
            for (var (factor, count) = (0L, 1L); factor < count; factor++)
            {
                using var step = NewDisposeScope();
                var batch = _train.Take(tensor((long[])[example]).to(surface.Transmissions.device));
                var values = _task.CurvatureFactors(batch.At(_network.FromFirstMask(batch.Fields, surface)), batch.Targets);
                count = values.shape[0];
                if (count == 0)
                    break;
                surface.Transmissions.grad?.zero_();
                (values[factor] * scale).BackwardGuarded();
                rows.Add(moves.Changes(surface.Transmissions.grad!, pixels).MoveToOuterDisposeScope());
            }
        }
        var factors = rows.Count > 0 ? stack(rows) : zeros([1, pixels.shape[0]], device: pixels.device);
        return factors.detach().MoveToOuterDisposeScope();
    }

    /// <summary>Draws examples in proportion to the root of their weights, with the scale that makes a sum over them an estimate of the mean over all.</summary>
    private static IEnumerable<(long Example, float Scale)> Draw(float[] weights, int count, long seed)
    {
        var random = new SplitMix64(seed);
        double[] masses = [.. weights.Select(weight => Math.Sqrt(Math.Max(0, weight)) + LeastWeight)];
        var total = masses.Sum();
        double[] draws = [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() * total).Order()];
        var (sum, next) = (0.0, 0);
        for (var i = 0; i < masses.Length && next < draws.Length; i++)
        {
            sum += masses[i];
            var times = 0;
            for (; next < draws.Length && (draws[next] < sum || i == masses.Length - 1); next++)
                times++;
            if (times > 0)
                yield return (i, (float)Math.Sqrt(times * total / (count * masses[i] * masses.Length)));
        }
    }

    /// <summary>Makes as many of the moves as lower the loss the most: all of them, or the first half, quarter, …</summary>
    private RefinedRound Try(PixelMoves moves, List<long> chosen, int round, CancellationToken cancellation)
    {
        var order = DataOrder.Permutation(_train.Count, _seed, "refinement", round);
        using var trial = tensor(order[..(int)Math.Min(_options.TrialExamples, _train.Count)]).to(_network.Masks.Device);
        var before = Loss(trial, cancellation);
        var best = (Loss: before, Count: 0);
        try
        {
            for (var count = chosen.Count; count > 0; count /= 2)
            {
                moves.Make(chosen.Take(count));
                var loss = Loss(trial, cancellation);
                if (loss < best.Loss)
                    best = (loss, count);
                else if (best.Count > 0)
                    break;
            }
        }
        finally
        {
            moves.Make(cancellation.IsCancellationRequested ? [] : chosen.Take(best.Count));
        }
        return new RefinedRound(best.Count, before, best.Loss);
    }

    private double Loss(Tensor examples, CancellationToken cancellation)
    {
        using var untracked = no_grad();
        var sum = 0.0;
        foreach (var batch in Batches(examples, cancellation))
            sum += _task.Loss(batch.At(_network.FromFirstMask(batch.Fields)), batch.Targets).item<float>() * batch.Entered.shape[0];
        return sum / examples.shape[0];
    }

    private IEnumerable<Batch> Batches(Tensor examples, CancellationToken cancellation)
    {
        var chunk = ExampleFields.AtOnce(Chunk, _network.Grid.Size, _network.Propagator.Lines.Count);
        for (var start = 0L; start < examples.shape[0]; start += chunk)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            yield return _train.Take(examples.slice(0, start, Math.Min(start + chunk, examples.shape[0]), 1));
        }
    }
}

/// <summary>The outcome of a round.</summary>
/// <param name="Moves">Pixels that were moved.</param>
/// <param name="LossBefore">The training loss on the round's trial examples before.</param>
/// <param name="Loss">The same after it.</param>
public sealed record RefinedRound(int Moves, double LossBefore, double Loss);
