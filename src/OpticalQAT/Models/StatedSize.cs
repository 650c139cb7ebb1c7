using OpticalQAT.Optics;

namespace OpticalQAT.Models;

/// <summary>A size that follows from a configuration, as <c>validate</c> says it: in samples and as a length.</summary>
/// <param name="What">What is that wide: <c>plane</c>, <c>mask</c>, <c>object</c>, <c>detector region</c>.</param>
/// <param name="Samples">Samples of the plane.</param>
/// <param name="Length">The same with its unit.</param>
/// <param name="Remark">What else there is to say, such as where it stands; may be empty.</param>
public sealed record StatedSize(string What, int Samples, string Length, string Remark)
{
    /// <summary>So many samples of a grid.</summary>
    public static StatedSize Of(string what, int samples, Grid grid, string remark = "") =>
        new(what, samples, grid.LengthOf(samples).ToString(), remark);
}
