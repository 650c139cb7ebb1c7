using OpticalQAT.Quantization;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>
/// A printed mask: a learnable position for each printed pixel, and the relief that makes a transmission of it. In
/// training the transmission is the relief's differentiable one; in evaluation it is that of what is printed.
/// </summary>
public sealed class HeightMask : nn.Module
{
    [ComponentName(Name = "position")]
    private readonly Parameter _position;

    /// <summary>A mask.</summary>
    /// <param name="relief">What it can be made of.</param>
    /// <param name="position">float32, [n, n], in the relief's unit; copied.</param>
    /// <param name="oversampling">How many samples of the plane a printed pixel is wide; the pixels fill the plane.</param>
    public HeightMask(Relief relief, Tensor position, int oversampling) : this(relief, position, new MaskFrame(oversampling))
    {
    }

    /// <summary>A mask that may be smaller than its plane.</summary>
    /// <param name="relief">What it can be made of.</param>
    /// <param name="position">float32, [n, n], in the relief's unit; copied.</param>
    /// <param name="frame">Where its pixels stand in the plane.</param>
    public HeightMask(Relief relief, Tensor position, MaskFrame frame) : base(nameof(HeightMask))
    {
        Relief = relief;
        Frame = frame;
        _position = new Parameter(position.detach().clone());
        _position.DetachFromDisposeScope();
        RegisterComponents();
        if (relief.Quantizer is not { } quantizer)
            return;
        // Only what has something to keep: names of parameters and buffers stay those of the positions otherwise.
        if (quantizer.parameters().Any() || quantizer.buffers().Any())
            register_module(nameof(quantizer), quantizer);
        _position.requires_grad = quantizer.LearnsPositions;
    }

    /// <summary>What the mask can be made of.</summary>
    public Relief Relief { get; }

    /// <summary>How many samples of the plane a printed pixel is wide.</summary>
    public int Oversampling => Frame.Oversampling;

    /// <summary>Where the printed pixels stand in the plane.</summary>
    public MaskFrame Frame { get; }

    /// <summary>The learnable positions, float32, [n, n]: level units, or radians of delay in full precision.</summary>
    public Parameter Position => _position;

    /// <summary>What is learnt in place of, or beside, the positions; null in full precision.</summary>
    public Quantizer? Quantizer => Relief.Quantizer;

    /// <summary>Tells where training stands: what the quantizer's schedules follow.</summary>
    public void Advance(TrainingMoment moment)
    {
        using var untracked = no_grad();
        Quantizer?.Advance(moment, _position);
    }

    /// <summary>The transmission of every sample of the plane.</summary>
    /// <returns>complex64, [N, N] with N = n·oversampling + 2·margin; [W, N, N] in light of several wavelengths.</returns>
    public Tensor Transmission()
    {
        using var scope = NewDisposeScope();
        return TransmissionOf(_position.unsqueeze(0), [this]).squeeze(-3).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The transmissions of several masks. Where their reliefs are alike, as those of a network mostly are, they are worked out
    /// together: on planes this small most of an operation's time is its overhead.
    /// </summary>
    /// <returns>complex64, [masks, N, N]; [W, masks, N, N] in light of several wavelengths.</returns>
    public static Tensor Transmissions(IReadOnlyList<HeightMask> masks)
    {
        using var scope = NewDisposeScope();
        var first = masks[0];
        var areAlike = masks.All(mask => mask.Relief.IsLike(first.Relief) && mask.Frame == first.Frame && mask.training == first.training);
        var transmissions = areAlike
            ? first.TransmissionOf(stack(masks.Select(mask => (Tensor)mask._position)), masks)
            : stack(masks.Select(mask => mask.Transmission()), dim: -3);
        return transmissions.MoveToOuterDisposeScope();
    }

    private Tensor TransmissionOf(Tensor positions, IReadOnlyList<HeightMask> masks)
    {
        var pixels = training
            ? Relief.Transmission(positions, [.. masks.Select(mask => mask.Relief)])
            : Relief.PrintedTransmission(positions, [.. masks.Select(mask => mask.Relief)]);
        return Frame.PlaceTransmission(pixels);
    }

    /// <summary>The transmissions of several masks and the heights that they stand for, both differentiable.</summary>
    /// <returns>complex64 and float64 in metres, [masks, N, N]; in light of several wavelengths the transmissions are [W, masks, N, N].</returns>
    internal static (Tensor Transmissions, Tensor Heights) Surfaces(IReadOnlyList<HeightMask> masks)
    {
        using var scope = NewDisposeScope();
        var surfaces = masks.Select(mask => mask.Surface()).ToArray();
        return (stack(surfaces.Select(s => s.Transmission), dim: -masks[0]._position.dim() - 1).MoveToOuterDisposeScope(), stack(surfaces.Select(s => s.Heights)).MoveToOuterDisposeScope());
    }

    private (Tensor Transmission, Tensor Heights) Surface()
    {
        var (transmission, heights) = training
            ? Relief.Surface(_position)
            : (Relief.PrintedTransmission(_position), Relief.PrintedHeights(_position));
        return (Frame.PlaceTransmission(transmission), Frame.PlaceHeights(heights));
    }

    /// <summary>The heights that are printed, float64, [n, n], metres; with levels bit-equal to entries of the table.</summary>
    public Tensor Heights() => Relief.PrintedHeights(_position);

    /// <summary>The level of every printed pixel, int64, [n, n]; null in full precision.</summary>
    public Tensor? Levels()
    {
        using var scope = NewDisposeScope();
        return Relief.Levels?.Space.Nearest(PrintedPosition()).MoveToOuterDisposeScope();
    }

    /// <summary>The positions that are rounded to what is printed, float32, [n, n]: those that are learnt, or what the quantizer makes of what it learns in their place.</summary>
    public Tensor PrintedPosition() => Quantizer?.Printed(_position) ?? _position.alias();

    /// <summary>Moves positions that strayed back to where they mean a height.</summary>
    public void Confine()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        Relief.Confine(_position);
    }
}
