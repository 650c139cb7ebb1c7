using static TorchSharp.torch;

namespace OpticalQAT.Models.Perturbations;

/// <summary>
/// Matrices that act along one side of a plane, a matrix for each layer: rows from the left, columns from the right.
/// Each is a Toeplitz matrix, worked out in double precision on the host from its 2N-1 values.
/// </summary>
internal static class Resampling
{
    /// <summary>
    /// Moves samples by d samples: S[j, k] = sinc(j-k-d). That is the Fourier shift theorem on a plane padded with zeros
    /// without end: nothing comes back in from the other side, and a shift by whole samples is exact.
    /// </summary>
    /// <param name="samples">d for each layer.</param>
    /// <param name="n">N.</param>
    /// <returns>float64, [layers, N, N].</returns>
    public static Tensor Shift(double[] samples, int n) => Toeplitz(samples, n, (lag, d) => Sinc(lag - d));

    /// <summary>Fields or masks moved by parts of a sample.</summary>
    /// <param name="planes">complex, [layers, N, N], or [1, B, N, N] to move all alike.</param>
    /// <param name="across">Samples to the right for each layer.</param>
    /// <param name="down">Samples down for each layer.</param>
    public static Tensor Shifted(Tensor planes, double[] across, double[] down)
    {
        using var scope = NewDisposeScope();
        var n = (int)planes.shape[^1];
        var real = planes.dtype == ScalarType.ComplexFloat64 ? ScalarType.Float64 : ScalarType.Float32;
        var right = Shift(across, n).to(real, planes.device).unsqueeze(1);
        var left = Shift(down, n).to(real, planes.device).unsqueeze(1);
        if (planes.dim() == 4)
            (right, left) = (right.unsqueeze(1), left.unsqueeze(1));
        // As pairs of real planes: the matrices are real, and complex products would do twice the work.
        var moved = left.matmul(stack([planes.real, planes.imag], dim: -3)).matmul(right.transpose(-1, -2));
        return complex(moved.select(-3, 0).contiguous(), moved.select(-3, 1).contiguous()).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Smooths pieces of constant height with a Gaussian and samples the result in their middles:
    /// B[j, k] = Φ((j-k+½)/s) - Φ((j-k-½)/s). Beyond the edge the relief goes on as it ends.
    /// </summary>
    /// <param name="samples">The standard deviation s for each layer, in samples; 0 smooths nothing.</param>
    /// <param name="n">N.</param>
    /// <returns>float64, [layers, N, N]; each row sums to 1.</returns>
    public static Tensor Blur(double[] samples, int n)
    {
        using var scope = NewDisposeScope();
        using var lags = arange(-n + 0.5, n + 0.5, dtype: ScalarType.Float64);
        double[][] cumulated = [.. samples.Select(s => s > 0 ? (lags / (s * Math.Sqrt(2))).erf().data<double>().ToArray() : [])];
        var layer = 0;
        var all = samples.Select(s =>
        {
            var steps = cumulated[layer++];
            return Toeplitz([s], n, (lag, width) => width > 0 ? (steps[lag + n] - steps[lag + n - 1]) / 2 : lag == 0 ? 1 : 0);
        });
        var matrix = cat([.. all], 0);
        return Extended(matrix, n).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Makes independent numbers of variance 1 correlated ones of variance 1: rows of exp(-2·(j-k)²/length²), each scaled to
    /// the norm 1, so that two numbers at a distance r are correlated by exp(-(r/length)²).
    /// </summary>
    /// <param name="length">In samples.</param>
    /// <param name="n">N.</param>
    /// <returns>float64, [N, N].</returns>
    public static Tensor Correlation(double length, int n)
    {
        using var scope = NewDisposeScope();
        var matrix = Toeplitz([length], n, (lag, width) => Math.Exp(-2 * lag * lag / (width * width)))[0];
        return (matrix / matrix.square().sum(-1, keepdim: true).sqrt()).MoveToOuterDisposeScope();
    }

    /// <summary>Smooths so that samples beyond an edge count as the one at the edge.</summary>
    private static Tensor Extended(Tensor matrix, int n)
    {
        var half = matrix.tril().sum(dim: -1L);
        var index = arange(n, dtype: ScalarType.Int64);
        // Over an endless row the weights to either side, with half of the middle one, sum to one half.
        var middle = matrix.diagonal(dim1: -2, dim2: -1);
        var before = 0.5 - (half - middle / 2);
        var after = 0.5 - (matrix.triu().sum(dim: -1L) - middle / 2);
        matrix.select(-1, 0).add_(before);
        matrix.select(-1, n - 1).add_(after);
        return matrix;
    }

    private static Tensor Toeplitz(double[] parameters, int n, Func<int, double, double> value)
    {
        var matrices = new double[parameters.Length, n, n];
        var diagonals = new double[2 * n - 1];
        for (var layer = 0; layer < parameters.Length; layer++)
        {
            // diagonals[i] belongs to the lag j-k = n-1-i, so that a row is a run of them.
            for (var i = 0; i < diagonals.Length; i++)
                diagonals[i] = value(n - 1 - i, parameters[layer]);
            for (var row = 0; row < n; row++)
                Buffer.BlockCopy(diagonals, (n - 1 - row) * sizeof(double), matrices, (layer * n + row) * n * sizeof(double), n * sizeof(double));
        }
        return tensor(matrices);
    }

    private static double Sinc(double x) => x == 0 ? 1 : double.SinPi(x) / (Math.PI * x);
}
