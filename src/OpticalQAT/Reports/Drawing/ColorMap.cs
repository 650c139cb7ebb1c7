using System.Runtime.InteropServices;

namespace OpticalQAT.Reports.Drawing;

/// <summary>A colour of a screen, sRGB, 8 bits per channel.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Rgb(byte R, byte G, byte B);

/// <summary>
/// Colours for values in [0, 1], such that equal steps of the value look like equal steps of colour: a map then
/// shows the structure of its data and none of its own.
/// </summary>
public sealed class ColorMap
{
    private readonly Rgb[] _colors;

    private ColorMap(Rgb[] colors) => _colors = colors;

    /// <summary>
    /// Dark violet to yellow, for heights. Anchors: 17 evenly spaced entries of Matplotlib's viridis by
    /// S. van der Walt, N. Smith and E. Firing, released into the public domain (CC0).
    /// </summary>
    public static ColorMap Viridis { get; } = FromAnchors(
        0x440154, 0x48186A, 0x472D7B, 0x424086, 0x3B528B, 0x33638D, 0x2C728E, 0x26828E, 0x21918C,
        0x1F9F88, 0x27AD81, 0x3DBC74, 0x5CC863, 0x81D34D, 0xAADC32, 0xD5E21A, 0xFDE725);

    /// <summary>Black to light yellow, for intensities. Anchors: as for <see cref="Viridis"/>, from inferno (CC0).</summary>
    public static ColorMap Inferno { get; } = FromAnchors(
        0x000004, 0x0B0724, 0x210C4A, 0x3D0965, 0x57106E, 0x71196E, 0x8A226A, 0xA32C61, 0xBC3754,
        0xD04545, 0xE35933, 0xF1711F, 0xF98C0A, 0xFCAA0F, 0xF9C932, 0xF2E865, 0xFCFFA4);

    /// <summary>Black to white, for input images. Evenly spaced in sRGB, which is close to even in lightness.</summary>
    public static ColorMap Gray { get; } = FromAnchors(0x000000, 0xFFFFFF);

    /// <summary>
    /// A closed circle of colours, dark, blue, light, orange, and dark again, for heights that wrap at one wave.
    /// Worked out here: an ellipse in Ottosson's OKLab, walked at constant speed.
    /// </summary>
    public static ColorMap Cyclic { get; } = OkLabEllipse();

    /// <summary>The colour of a value; values outside [0, 1] take the colour of the nearer end, NaN that of 0.</summary>
    public Rgb At(double value)
    {
        var last = _colors.Length - 1;
        return _colors[double.IsNaN(value) ? 0 : (int)Math.Round(Math.Clamp(value, 0, 1) * last)];
    }

    /// <summary>256 colours from 0 to 1, as a palette.</summary>
    public Rgb[] Palette() => [.. Enumerable.Range(0, 256).Select(i => At(i / 255.0))];

    private static ColorMap FromAnchors(params int[] anchors)
    {
        const int Steps = 1024;
        var colors = new Rgb[Steps + 1];
        for (var i = 0; i <= Steps; i++)
        {
            var position = (double)i / Steps * (anchors.Length - 1);
            var cell = Math.Min((int)position, anchors.Length - 2);
            byte Channel(int shift)
            {
                var low = (anchors[cell] >> shift) & 255;
                var high = (anchors[cell + 1] >> shift) & 255;
                return (byte)Math.Round(low + ((position - cell) * (high - low)));
            }

            colors[i] = new Rgb(Channel(16), Channel(8), Channel(0));
        }

        return new ColorMap(colors);
    }

    private static ColorMap OkLabEllipse()
    {
        const double Lightness = 0.60, Swing = 0.30, Chroma = 0.12;
        const int Steps = 1024;
        var (hueA, hueB) = (Math.Cos(4.5), Math.Sin(4.5)); // 4.5 rad is blue; its opposite a warm ochre
        var length = new double[(8 * Steps) + 1];
        for (var i = 1; i < length.Length; i++)
        {
            var angle = 2 * Math.PI * (i - 0.5) / (8 * Steps);
            length[i] = length[i - 1] + double.Hypot(Swing * Math.Sin(angle), Chroma * Math.Cos(angle));
        }

        var colors = new Rgb[Steps + 1];
        for (int i = 0, j = 0; i <= Steps; i++)
        {
            while (j < length.Length - 1 && length[j] < length[^1] * i / Steps)
                j++;
            var angle = 2 * Math.PI * j / (8 * Steps);
            var chroma = Chroma * Math.Sin(angle);
            colors[i] = FromOkLab(Lightness - (Swing * Math.Cos(angle)), chroma * hueA, chroma * hueB);
        }

        return new ColorMap(colors);
    }

    /// <summary>OKLab to sRGB with the matrices of B. Ottosson, "A perceptual color space for image processing" (2020).</summary>
    private static Rgb FromOkLab(double lightness, double a, double b)
    {
        var l = Math.Pow(lightness + (0.3963377774 * a) + (0.2158037573 * b), 3);
        var m = Math.Pow(lightness - (0.1055613458 * a) - (0.0638541728 * b), 3);
        var s = Math.Pow(lightness - (0.0894841775 * a) - (1.2914855480 * b), 3);
        return new Rgb(
            Encode((4.0767416621 * l) - (3.3077115913 * m) + (0.2309699292 * s)),
            Encode((-1.2684380046 * l) + (2.6097574011 * m) - (0.3413193965 * s)),
            Encode((-0.0041960863 * l) - (0.7034186147 * m) + (1.7076147010 * s)));

        static byte Encode(double linear)
        {
            var value = linear <= 0.0031308 ? 12.92 * linear : (1.055 * Math.Pow(linear, 1 / 2.4)) - 0.055;
            return (byte)Math.Round(255 * Math.Clamp(value, 0, 1));
        }
    }
}
