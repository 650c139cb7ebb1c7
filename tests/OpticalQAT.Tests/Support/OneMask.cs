using OpticalQAT.Models;
using OpticalQAT.Quantization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Support;

/// <summary>A stack of one mask, its values as that mask alone has them: [n, n].</summary>
internal sealed class OneMask : IDisposable
{
    /// <summary>A mask.</summary>
    /// <param name="relief">Its make, for one mask.</param>
    /// <param name="position">float32, [n, n].</param>
    /// <param name="frame">Where it stands; null a sample for each pixel.</param>
    public OneMask(Relief relief, Tensor position, MaskFrame? frame = null) => Stack = new MaskStack(relief, position.unsqueeze(0), frame ?? new MaskFrame(1));

    public MaskStack Stack { get; }

    public Parameter Position => Stack.Position;

    public Quantizer Quantizer => Stack.Groups[0].Relief.Quantizer!;

    public LevelTable Table => Stack.Tables![0];

    public Tensor Transmission() => Stack.Surface().Transmissions.select(-3, 0);

    public Tensor Heights() => Stack.Heights()[0];

    public Tensor Levels() => Stack.Levels()![0];

    public void Advance(double progress, long seed = 0) => Stack.Advance(progress, seed);

    public void Dispose() => Stack.Dispose();
}
