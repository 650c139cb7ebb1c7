using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>The surround of the printed area of a mask that is smaller than its plane.</summary>
public enum MaskSurround
{
    /// <summary>A holder that lets no light through.</summary>
    Opaque,

    /// <summary>Nothing: light passes as through the medium, without delay.</summary>
    Transparent,
}

/// <summary>The place of the printed pixels of a mask in its plane: in the middle, each some samples wide, with a margin around them.</summary>
/// <param name="Oversampling">How many samples of the plane a printed pixel is wide.</param>
/// <param name="Margin">Samples from the plane's edge to the printed area, the same on all sides.</param>
/// <param name="Surround">What the margin does to light.</param>
public sealed record MaskFrame(int Oversampling, int Margin = 0, MaskSurround Surround = MaskSurround.Opaque)
{
    /// <summary>The transmission of every sample of the plane.</summary>
    /// <param name="pixels">complex64, […, n, n], of each printed pixel.</param>
    /// <returns>complex64, […, N, N] with N = n·oversampling + 2·margin.</returns>
    public Tensor PlaceTransmission(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var samples = Repeat(pixels);
        if (Margin == 0)
            return samples.MoveToOuterDisposeScope();
        var plane = nn.functional.pad(view_as_real(samples), [0, 0, Margin, Margin, Margin, Margin]).view_as_complex();
        if (Surround == MaskSurround.Transparent)
            plane = plane + nn.functional.pad(zeros_like(samples.real), [Margin, Margin, Margin, Margin], value: 1);
        return plane.MoveToOuterDisposeScope();
    }

    /// <summary>The height of every sample of the plane: none in the margin.</summary>
    /// <param name="pixels">Real, […, n, n], of each printed pixel.</param>
    /// <returns>Of the same type, […, N, N].</returns>
    public Tensor PlaceHeights(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return nn.functional.pad(Repeat(pixels), [Margin, Margin, Margin, Margin]).MoveToOuterDisposeScope();
    }

    private Tensor Repeat(Tensor pixels) =>
        Oversampling > 1 ? pixels.repeat_interleave(Oversampling, dim: -2).repeat_interleave(Oversampling, dim: -1) : pixels.alias();
}
