using OpticalQAT.Data;
using static TorchSharp.torch;

namespace OpticalQAT.Models.Perturbations;

/// <summary>
/// The random numbers of one error on one device. They follow from a seed alone, are drawn on the host, and are those of a
/// standard distribution, which an amount then scales: the same on every device that computes.
/// </summary>
/// <param name="seed">The seed of this error on this device.</param>
public sealed class Draw(long seed)
{
    private SplitMix64 _numbers = new(seed);

    /// <summary>A number of the distribution with amount 1.</summary>
    public double Number(ErrorDistribution distribution) => distribution switch
    {
        ErrorDistribution.Uniform => _numbers.NextUniform(-1, 1),
        ErrorDistribution.Normal => Normal(),
        _ => _numbers.NextDouble() < 0.5 ? -1 : 1,
    };

    /// <summary>A vector in the plane: each part of the distribution with amount 1, or of length 1 in any direction where it is fixed.</summary>
    public (double X, double Y) Vector(ErrorDistribution distribution)
    {
        if (distribution != ErrorDistribution.Fixed)
            return (Number(distribution), Number(distribution));
        var (y, x) = Math.SinCos(_numbers.NextUniform(0, 2 * Math.PI));
        return (x, y);
    }

    /// <summary>Independent numbers of the distribution with amount 1.</summary>
    /// <returns>float32, on the host.</returns>
    public Tensor Numbers(ErrorDistribution distribution, params long[] shape)
    {
        using var scope = NewDisposeScope();
        using var generator = NewGenerator();
        var numbers = distribution switch
        {
            ErrorDistribution.Uniform => rand(shape, generator: generator) * 2 - 1,
            ErrorDistribution.Normal => randn(shape, generator: generator),
            _ => rand(shape, generator: generator).lt(0.5).to(ScalarType.Float32) * 2 - 1,
        };
        return numbers.MoveToOuterDisposeScope();
    }

    /// <summary>Numbers between 0 and 1.</summary>
    /// <returns>float32, on the host.</returns>
    public Tensor Chances(params long[] shape)
    {
        using var generator = NewGenerator();
        return rand(shape, generator: generator);
    }

    /// <summary>A seed for numbers that are drawn later.</summary>
    public long Seed() => (long)_numbers.Next();

    private Generator NewGenerator() => new((ulong)Seed());

    // Box and Muller; the second of the pair is given away, so that every number stands for itself.
    private double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - _numbers.NextDouble())) * Math.Cos(2 * Math.PI * _numbers.NextDouble());
}
