using OpticalQAT.Configuration;
using OpticalQAT.Units;

namespace OpticalQAT.Optics;

/// <summary>
/// The sampling of every plane: N×N samples of one pitch Δ. Sample j lies at (j-(N-1)/2)·Δ. For propagation the
/// plane is zero-padded to M = round(N·padding) samples a side, so that light that leaves it does not come back in
/// from the other side.
/// </summary>
public sealed record Grid
{
    /// <summary>Samples a side, N.</summary>
    [AtLeast(2), AtMost(16384)]
    public required int Size { get; init; }

    /// <summary>The distance between two samples, Δ.</summary>
    [AtLeast(1e-12), AtMost(1000)]
    public required Length PixelPitch { get; init; }

    /// <summary>The width of the padded plane in widths of the plane. 2 keeps every wrapped-round copy out of the plane; 1 makes the plane periodic.</summary>
    [AtLeast(1), AtMost(16)]
    public double Padding { get; init; } = 2;

    /// <summary>Samples a side of the padded plane, M = round(N·padding).</summary>
    public int PaddedSize => (int)Math.Round(Size * Padding, MidpointRounding.ToEven);

    /// <summary>The width of the plane, N·Δ.</summary>
    public Length Width => LengthOf(Size);

    /// <summary>The width of the padded plane, M·Δ.</summary>
    public Length PaddedWidth => PaddedSize * PixelPitch;

    /// <summary>The length of so many samples, without the last digits' noise of the multiplication.</summary>
    public Length LengthOf(double samples) => (samples * PixelPitch).Rounded(12);

    /// <summary>The number of samples of a length, not rounded.</summary>
    public double SamplesIn(Length length) => length / PixelPitch;

    /// <summary>The positions of the samples along one side, in metres; the plane's centre is 0.</summary>
    public double[] Coordinates()
    {
        var centre = (Size - 1) / 2.0;
        return [.. Enumerable.Range(0, Size).Select(j => ((j - centre) * PixelPitch).Metres)];
    }

    /// <summary>The FFT's own frequencies of the padded plane, in cycles per metre and in the FFT's own order: 0, 1, …, -2, -1 times 1/(M·Δ).</summary>
    public double[] Frequencies()
    {
        var m = PaddedSize;
        var step = 1 / (m * PixelPitch.Metres);
        return [.. Enumerable.Range(0, m).Select(i => (i < (m + 1) / 2 ? i : i - m) * step)];
    }
}
