using OpticalQAT.Configuration;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Optics;

/// <summary>The encoding of an image into the light. The image is resampled to the object's size and stands in the input plane, in the middle unless it is placed elsewhere.</summary>
[Family("encoding")]
public abstract record EncodingKind : Variant
{
    /// <summary>The width of the image in the input plane; by default as wide as the plane.</summary>
    [AtLeast(1e-12), AtMost(1000)]
    public Length? Size { get; init; }

    /// <summary>The place of the middle of the image, rounded to whole samples; by default on the axis.</summary>
    public Placement Position { get; init; } = new();

    /// <summary>An opening in the input plane that cuts off what lies outside; null where the whole plane is open.</summary>
    public InputAperture? Aperture { get; init; }

    /// <summary>The input fields of a batch of images.</summary>
    /// <param name="images">uint8, [B, h, w]; 0 is dark, 255 bright.</param>
    /// <param name="grid">The input plane's sampling.</param>
    /// <returns>complex64, [B, N, N].</returns>
    public Tensor Encode(Tensor images, Grid grid)
    {
        using var scope = NewDisposeScope();
        var values = images.unsqueeze(1).to(ScalarType.Float32).div(255);
        var (left, top, pixels) = ObjectPlace(grid);
        var (right, bottom) = (grid.Size - left - pixels, grid.Size - top - pixels);
        var resampled = nn.functional.interpolate(values, [pixels, pixels], mode: InterpolationMode.Bilinear, align_corners: false);
        var field = nn.functional.pad(view_as_real(Modulate(resampled.squeeze(1))), [0, 0, left, right, top, bottom]).view_as_complex();
        if (Aperture is { } aperture)
            field = field * aperture.Window(grid).to(field.device);
        return field.MoveToOuterDisposeScope();
    }

    /// <summary>The encoding of the same object in light that is so many times shorter than the design wavelength: a path in glass is more waves long.</summary>
    public virtual EncodingKind InShorterLight(double times) => this;

    /// <summary>The samples that the object is wide.</summary>
    public int ObjectPixels(Grid grid) => Size is { } size ? (int)Math.Round(grid.SamplesIn(size)) : grid.Size;

    /// <summary>The first column and row on which the object stands, and the samples that it is wide.</summary>
    public (int Left, int Top, int Pixels) ObjectPlace(Grid grid)
    {
        var pixels = ObjectPixels(grid);
        var middle = (grid.Size - pixels) / 2;
        return (middle + Offset(Position.X, grid), middle + Offset(Position.Y, grid), pixels);
    }

    private static int Offset(Length by, Grid grid) => (int)Math.Round(grid.SamplesIn(by));

    /// <summary>The field inside the object.</summary>
    /// <param name="values">float32, [B, n, n], from 0 to 1.</param>
    /// <returns>complex64, of the same shape; outside the object it is dark.</returns>
    protected abstract Tensor Modulate(Tensor values);

    /// <summary>An amplitude without phase, as a complex tensor.</summary>
    protected static Tensor InPhase(Tensor amplitude) => complex(amplitude, zeros_like(amplitude));
}

/// <summary>The image is the amplitude of the light: u = v.</summary>
[Kind("amplitude")]
public sealed record AmplitudeEncoding : EncodingKind
{
    /// <inheritdoc/>
    protected override Tensor Modulate(Tensor values) => InPhase(values);
}

/// <summary>The image is the intensity of the light: u = sqrt(v).</summary>
[Kind("intensity")]
public sealed record IntensityEncoding : EncodingKind
{
    /// <inheritdoc/>
    protected override Tensor Modulate(Tensor values) => InPhase(values.sqrt());
}

/// <summary>The image is a phase object in a square aperture of its own size: u = exp(i·v·maximum); outside the aperture it is dark.</summary>
[Kind("phase")]
public sealed record PhaseEncoding : EncodingKind
{
    /// <summary>The phase of a white pixel, at the design wavelength.</summary>
    [AtLeast(1e-6), AtMost(1000)]
    public Angle Maximum { get; init; } = new(Math.PI);

    /// <inheritdoc/>
    public override EncodingKind InShorterLight(double times) => this with { Maximum = Maximum * times };

    /// <inheritdoc/>
    protected override Tensor Modulate(Tensor values) => polar(ones_like(values), values * Maximum.Radians);
}
