using System.Numerics;
using NUnit.Framework;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Support;

/// <summary>Assertions about tensors.</summary>
internal static class Tensors
{
    /// <summary>The norm of the difference over the norm of what was expected.</summary>
    public static double RelativeError(Tensor actual, Tensor expected)
    {
        using var scope = NewDisposeScope();
        var wide = expected.is_complex() ? ScalarType.ComplexFloat64 : ScalarType.Float64;
        var reference = expected.detach().cpu().to(wide);
        return Norm(actual.detach().cpu().to(wide) - reference) / Norm(reference);
    }

    /// <summary>The largest difference over the largest value that was expected.</summary>
    public static double WorstError(Tensor actual, Tensor expected)
    {
        using var scope = NewDisposeScope();
        return (actual.detach() - expected).abs().max().item<double>() / expected.abs().max().item<double>();
    }

    /// <summary>Equal to the last bit, but that 0 and -0 are the same.</summary>
    public static bool SameBits(Tensor a, Tensor b) =>
        a.dtype == b.dtype && a.shape.SequenceEqual(b.shape) && a.eq(b).all().item<bool>();

    /// <summary>Random numbers of a standard normal distribution, the same at every call with the same seed.</summary>
    public static Tensor Normal(long[] shape, ulong seed, ScalarType type = ScalarType.Float64)
    {
        using var generator = new Generator(seed);
        return randn(shape, type, generator: generator);
    }

    /// <summary>The values of a complex tensor, row by row.</summary>
    public static Complex[] Values(Tensor field)
    {
        using var scope = NewDisposeScope();
        var parts = view_as_real(field.detach().to(ScalarType.ComplexFloat64).contiguous()).flatten().data<double>().ToArray();
        return [.. parts.Chunk(2).Select(pair => new Complex(pair[0], pair[1]))];
    }

    /// <summary>Moved on along a dimension; what leaves at one end comes in at the other.</summary>
    public static Tensor Shift(Tensor values, long by, long dimension)
    {
        var n = values.shape[dimension];
        var split = ((-by % n) + n) % n;
        return cat([values.narrow(dimension, split, n - split), values.narrow(dimension, 0, split)], dimension);
    }

    /// <summary>Complex numbers with normal real and imaginary parts, complex128.</summary>
    public static Tensor NormalField(long[] shape, ulong seed) => complex(Normal(shape, seed), Normal(shape, seed + 1000));

    /// <summary>Compares autograd with central differences, element by element.</summary>
    /// <param name="loss">A scalar function, differentiable in its argument.</param>
    /// <param name="at">float64, where the gradient is asked for.</param>
    /// <param name="step">The half-width of the difference.</param>
    /// <param name="tolerance">Against the gradient's largest element.</param>
    public static void AssertGradientMatchesDifferences(Func<Tensor, Tensor> loss, Tensor at, double step, double tolerance)
    {
        using var scope = NewDisposeScope();
        var variable = at.detach().clone().requires_grad_(true);
        loss(variable).backward();
        var analytic = variable.grad!.flatten().data<double>().ToArray();
        var start = at.flatten().data<double>().ToArray();
        var numeric = new double[start.Length];
        for (var i = 0; i < start.Length; i++)
            numeric[i] = (At(i, step) - At(i, -step)) / (2 * step);
        var largest = numeric.Max(Math.Abs);
        Assert.That(largest, Is.GreaterThan(0));
        Assert.That(analytic.Zip(numeric, (a, n) => Math.Abs(a - n) / largest).Max(), Is.LessThan(tolerance));

        double At(int index, double by)
        {
            using var inner = NewDisposeScope();
            var moved = (double[])start.Clone();
            moved[index] += by;
            return loss(tensor(moved, at.shape)).to(ScalarType.Float64).item<double>();
        }
    }

    private static double Norm(Tensor values) => Math.Sqrt(values.abs().square().sum().item<double>());
}
