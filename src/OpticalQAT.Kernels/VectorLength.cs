using System.Runtime.Intrinsics;

namespace OpticalQAT.Kernels;

/// <summary>The vectors that the processor has.</summary>
internal static class VectorLength
{
    /// <summary>The longest, in bits: 512, 256 or 128.</summary>
    public static int Longest { get; } = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
}
