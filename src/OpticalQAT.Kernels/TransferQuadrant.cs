using System.Numerics;

namespace OpticalQAT.Kernels;

/// <summary>
/// A transfer function in double precision by its values at the frequencies 0 … ⌊M/2⌋ along both axes. Free space knows
/// neither left from right nor rows from columns: H(fx,fy) = H(|fx|,|fy|) = H(fy,fx), so that these are all there is, and
/// half of them would do. A quarter of the memory and of the work, which counts where distances change from step to step.
/// </summary>
internal sealed class TransferQuadrant
{
    /// <summary>The largest difference by rounding of values that should be the same, against the largest value.</summary>
    private const double Rounding = 1e-9;

    /// <summary>A quadrant of zeros.</summary>
    /// <param name="paddedSize">M.</param>
    public TransferQuadrant(int paddedSize)
    {
        PaddedSize = paddedSize;
        Side = paddedSize / 2 + 1;
        (Real, Imaginary) = (new double[Side * Side], new double[Side * Side]);
    }

    /// <summary>Samples a side of the padded plane, M.</summary>
    public int PaddedSize { get; }

    /// <summary>Frequencies along each axis that are kept, ⌊M/2⌋ + 1.</summary>
    public int Side { get; }

    /// <summary>The real parts, row by row.</summary>
    public double[] Real { get; }

    /// <summary>The imaginary parts, row by row.</summary>
    public double[] Imaginary { get; }

    /// <summary>The quadrant of a plane in the FFT's own order, M×M, row by row.</summary>
    /// <exception cref="ArgumentException">The plane is not symmetric, so that no quadrant stands for it.</exception>
    public static TransferQuadrant Of(ReadOnlySpan<Complex> plane, int paddedSize)
    {
        if (Asymmetry(plane, paddedSize) is { } asymmetry)
            throw new ArgumentException($"{asymmetry}; propagation keeps a quadrant of a transfer function alone, and another kind of symmetry than that of free space would be lost");
        var quadrant = new TransferQuadrant(paddedSize);
        for (var row = 0; row < quadrant.Side; row++)
        {
            for (var column = 0; column < quadrant.Side; column++)
                quadrant.Set(row, column, plane[row * paddedSize + column]);
        }
        return quadrant;
    }

    /// <summary>The asymmetry of a plane, in words, where H(fx,fy) = H(|fx|,|fy|) = H(fy,fx) does not hold; null where it does.</summary>
    /// <param name="plane">M×M values in the FFT's own order, row by row.</param>
    /// <param name="paddedSize">M.</param>
    public static string? Asymmetry(ReadOnlySpan<Complex> plane, int paddedSize)
    {
        var largest = 0.0;
        foreach (var value in plane)
            largest = Math.Max(largest, value.Magnitude);
        for (var row = 0; row < paddedSize; row++)
        {
            for (var column = 0; column < paddedSize; column++)
            {
                var (down, across) = (Math.Min(row, paddedSize - row), Math.Min(column, paddedSize - column));
                var (y, x) = down < across ? (across, down) : (down, across);
                if ((plane[row * paddedSize + column] - plane[y * paddedSize + x]).Magnitude > Rounding * largest)
                    return $"the transfer function is not symmetric: it differs between the frequencies [{row}, {column}] and [{y}, {x}]";
            }
        }
        return null;
    }

    /// <summary>The index of a frequency's values: i, or for a negative one its mirror image M-i.</summary>
    /// <param name="index">The frequency's index in the FFT's own order, 0 … M-1.</param>
    public int Fold(int index) => Math.Min(index, PaddedSize - index);

    /// <summary>Sets the value at a pair of frequencies and at the pair exchanged.</summary>
    public void SetBoth(int row, int column, double real, double imaginary)
    {
        Real[row * Side + column] = Real[column * Side + row] = real;
        Imaginary[row * Side + column] = Imaginary[column * Side + row] = imaginary;
    }

    /// <summary>The whole plane: M×M, row by row, in the FFT's own order.</summary>
    public Complex[] Plane()
    {
        var plane = new Complex[PaddedSize * PaddedSize];
        for (var row = 0; row < PaddedSize; row++)
        {
            var start = Fold(row) * Side;
            for (var column = 0; column < PaddedSize; column++)
                plane[row * PaddedSize + column] = new Complex(Real[start + Fold(column)], Imaginary[start + Fold(column)]);
        }
        return plane;
    }

    private void Set(int row, int column, Complex value)
    {
        Real[row * Side + column] = value.Real;
        Imaginary[row * Side + column] = value.Imaginary;
    }
}
