using System.Numerics;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Laws;

/// <summary>
/// A few mask pixels that are to bring light to one point and keep it from another. The score, |Σ aᵢtᵢ|² - |Σ bᵢtᵢ|²
/// over the most that the first could be, has an optimum that is found by trying every combination of levels.
/// </summary>
internal sealed class ToyProblem
{
    private readonly Complex[] _wanted;
    private readonly Complex[] _unwanted;
    private readonly double _most;

    public ToyProblem(int pixels, int seed)
    {
        var random = new Random(seed);
        Complex Draw() => Complex.FromPolarCoordinates(0.5 + random.NextDouble(), 2 * Math.PI * random.NextDouble());
        _wanted = [.. Enumerable.Range(0, pixels).Select(_ => Draw())];
        _unwanted = [.. Enumerable.Range(0, pixels).Select(_ => Draw())];
        _most = Math.Pow(_wanted.Sum(a => a.Magnitude), 2);
    }

    public int Pixels => _wanted.Length;

    /// <summary>The score of every row of transmissions, [starts, pixels].</summary>
    public Tensor Score(Tensor transmissions)
    {
        using var scope = NewDisposeScope();
        Tensor Power(Complex[] amplitudes)
        {
            var sum = transmissions.matmul(ComplexTensor.Of(amplitudes, Pixels, 1).to(ScalarType.ComplexFloat32));
            return (sum.real.square() + sum.imag.square()).squeeze(1);
        }

        return ((Power(_wanted) - Power(_unwanted)) / _most).MoveToOuterDisposeScope();
    }

    /// <summary>The best score of all combinations of levels.</summary>
    public double Optimum(IReadOnlyList<Complex> levels)
    {
        var best = double.NegativeInfinity;
        Try(0, Complex.Zero, Complex.Zero);
        return best;

        void Try(int pixel, Complex wanted, Complex unwanted)
        {
            if (pixel == Pixels)
            {
                best = Math.Max(best, (Square(wanted) - Square(unwanted)) / _most);
                return;
            }
            foreach (var t in levels)
                Try(pixel + 1, wanted + _wanted[pixel] * t, unwanted + _unwanted[pixel] * t);
        }
    }

    /// <summary>Trains from random starts, all at once, and returns the score of each at hard levels.</summary>
    public double[] Train(Tables table, QuantizerKind kind, int starts, int steps, double learningRate)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(11);
        var positions = rand([starts, Pixels], generator: generator) * table.Table.Count - 0.5;
        using var mask = new OneMask(table.Relief(kind, kind.Gradient, positions), positions);
        var optimizer = optim.Adam(mask.Stack.parameters().Where(p => p.requires_grad), learningRate);
        for (var step = 0; step < steps; step++)
        {
            using var inner = NewDisposeScope();
            var progress = (double)step / steps;
            mask.Advance(progress, step);
            foreach (var group in optimizer.ParamGroups)
                group.LearningRate = learningRate * (1 + Math.Cos(Math.PI * progress)) / 2;
            optimizer.zero_grad();
            var loss = -Score(mask.Transmission()).sum();
            (mask.Stack.Penalty() is { } penalty ? loss + penalty : loss).backward();
            optimizer.step();
            mask.Stack.Confine();
        }
        mask.Stack.eval();
        return [.. Score(mask.Transmission()).data<float>().ToArray().Select(score => (double)score)];
    }

    private static double Square(Complex value) => value.Real * value.Real + value.Imaginary * value.Imaginary;
}
