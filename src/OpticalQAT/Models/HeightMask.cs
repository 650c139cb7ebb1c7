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
    }

    /// <summary>What the mask can be made of.</summary>
    public Relief Relief { get; }

    /// <summary>How many samples of the plane a printed pixel is wide.</summary>
    public int Oversampling => Frame.Oversampling;

    /// <summary>Where the printed pixels stand in the plane.</summary>
    public MaskFrame Frame { get; }

    /// <summary>The learnable positions, float32, [n, n]: level units, or radians of delay in full precision.</summary>
    public Parameter Position => _position;

    /// <summary>How far training is, from 0 to 1: what the quantizer's schedules follow.</summary>
    public double Progress { get; set; }

    /// <summary>The transmission of every sample of the plane.</summary>
    /// <returns>complex64, [N, N] with N = n·oversampling + 2·margin.</returns>
    public Tensor Transmission()
    {
        using var scope = NewDisposeScope();
        return TransmissionOf(_position).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The transmissions of several masks. Where they are of one relief, as the layers of a network are, they are worked out
    /// together: on planes this small most of an operation's time is its overhead.
    /// </summary>
    /// <returns>complex64, [masks, N, N].</returns>
    public static Tensor Transmissions(IReadOnlyList<HeightMask> masks)
    {
        using var scope = NewDisposeScope();
        var first = masks[0];
        var isOneKind = masks.All(mask => ReferenceEquals(mask.Relief, first.Relief) && mask.Frame == first.Frame && mask.training == first.training && mask.Progress == first.Progress);
        var transmissions = isOneKind
            ? first.TransmissionOf(stack(masks.Select(mask => (Tensor)mask._position)))
            : stack(masks.Select(mask => mask.Transmission()));
        return transmissions.MoveToOuterDisposeScope();
    }

    private Tensor TransmissionOf(Tensor positions)
    {
        var pixels = training ? Relief.Transmission(positions, Progress) : Relief.PrintedTransmission(positions);
        return Frame.PlaceTransmission(pixels);
    }

    /// <summary>The heights that are printed, float64, [n, n], metres; with levels bit-equal to entries of the table.</summary>
    public Tensor Heights() => Relief.PrintedHeights(_position);

    /// <summary>The level of every printed pixel, int64, [n, n]; null in full precision.</summary>
    public Tensor? Levels() => Relief.Levels?.Space.Nearest(_position);

    /// <summary>Moves positions that strayed back to where they mean a height.</summary>
    public void Confine()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        _position.copy_(Relief.Confine(_position));
    }
}
