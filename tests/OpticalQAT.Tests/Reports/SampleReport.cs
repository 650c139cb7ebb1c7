using System.Globalization;
using System.Numerics;
using OpticalQAT.Optics;
using OpticalQAT.Reports;
using OpticalQAT.Tasks;

namespace OpticalQAT.Tests.Reports;

/// <summary>
/// A made-up run of believable shape: smooth lens-like masks at four levels, bars as digits, light carried by a small
/// Fresnel sum. Nothing was trained; the scores are chosen.
/// </summary>
internal static class SampleReport
{
    public const int Size = 64;
    private const double Pitch = 0.75e-3, Wavelength = 0.75e-3, Spacing = 24e-3, Wave = Wavelength / 0.7227;
    private static readonly double[] Table = [0, Wave / 4, Wave / 2, 3 * Wave / 4];
    private static readonly Complex[,] Kernel = FresnelKernel();

    // Segments of a seven-segment display: row, column, height, width in an image of 28×28.
    private static readonly (int Row, int Column, int Height, int Width)[] Segments =
        [(3, 8, 3, 12), (3, 17, 11, 3), (14, 17, 11, 3), (22, 8, 3, 12), (14, 8, 11, 3), (3, 8, 11, 3), (12, 8, 3, 12)];
    private static readonly int[] Digits = [0x3F, 0x06, 0x5B, 0x4F, 0x66, 0x6D, 0x7D, 0x07, 0x7F, 0x6F];

    private static readonly Lazy<ReportContent> Made = new(Make);

    /// <summary>A quantized classification run with everything that a page can show.</summary>
    public static ReportContent Full() => Made.Value;

    /// <summary>The same run, worked out afresh.</summary>
    public static ReportContent Make()
    {
        var random = new Random(7);
        var masks = Enumerable.Range(0, 4).Select(i => Mask(i, random)).ToArray();
        return new ReportContent
        {
            Name = "mnist-4-levels",
            Id = "20261123-141502-7f3a",
            Description = "Four printed masks sort handwritten digits by the light they send to ten detectors. Trained on 50,000 images of MNIST, scored on its 10,000 test images.",
            Setup = Pairs(
                ("Wavelength", "0.75 mm (0.4 THz)"), ("Grid", "64 × 64, pitch 0.75 mm"), ("Layers", "4, spaced 24 mm"), ("Material", "index 1.7227, lossless"),
                ("Levels", "4, cyclic"), ("Quantizer", "progressive_sigmoid, by transmission"), ("Data set", "MNIST: 50,000 / 10,000 / 10,000"), ("Encoding", "amplitude")),
            MainMetric = ClassificationTask.Accuracy,
            FullPrecision = new ReportScore(Metrics(0.9731, 0.118, 0.212, 0.511), 2583),
            PostTraining = new ReportScore(Metrics(0.7712, 0.804, 0.197, 0.236)),
            Quantized = new ReportScore(Metrics(0.9612, 0.161, 0.184, 0.442), 5166),
            TestSamples = 10_000,
            Epochs = Epochs(6, 6),
            Masks = masks,
            Bench = new ReportBench(5 * Spacing, Size * Pitch, [Spacing, 2 * Spacing, 3 * Spacing, 4 * Spacing]),
            Illustration = new Illustration
            {
                Detectors = Detectors(),
                ClassNames = [.. Enumerable.Range(0, 10).Select(d => d.ToString(CultureInfo.InvariantCulture))],
                Samples = [Sample(3, 3, masks, planes: true), Sample(7, 7, masks, planes: true), Sample(4, 9, masks, planes: true)],
                WorstMistakes = [Sample(5, 6, masks), Sample(8, 3, masks), Sample(9, 4, masks), Sample(2, 7, masks)],
                Confusion = Confusion(random),
            },
            ResolvedConfiguration = "name: mnist-4-levels\nseed: 1\noptics:\n  wavelength: 0.75 mm\n  grid: { size: 64, pixel_pitch: 0.75 mm, padding: 2 }\n",
            Environment = Pairs(("Version", "0.1.0"), ("Device", "cpu, 2 threads"), ("libtorch", "2.10.0"), ("Commit", "e16eff5")),
            Notes = ["Layer spacing 24 mm is close to the distance at which the transfer function aliases on this grid (26.1 mm)."],
        };
    }

    /// <summary>The least that a page can be asked to show.</summary>
    public static ReportContent Bare() => new()
    {
        Name = "bare",
        Id = "20261123-141502-0000",
        Description = "Nothing yet.",
        MainMetric = ClassificationTask.Accuracy,
        ResolvedConfiguration = "name: bare\n",
    };

    private static KeyValuePair<string, string>[] Pairs(params (string, string)[] pairs) => [.. pairs.Select(p => KeyValuePair.Create(p.Item1, p.Item2))];

    private static KeyValuePair<Metric, double>[] Metrics(double accuracy, double loss, double efficiency, double contrast) =>
        [new(ClassificationTask.Accuracy, accuracy), new(Metric.Loss, loss), new(Metric.Efficiency, efficiency), new(ClassificationTask.Contrast, contrast)];

    private static ReportEpoch[] Epochs(int first, int second) =>
    [
        .. Enumerable.Range(1, first).Select(e => new ReportEpoch
        {
            Phase = "full precision", Epoch = e, TrainLoss = 0.1 + (0.5 / e), ValidationLoss = 0.12 + (0.38 / e), LearningRate = 0.05 * Cosine(e, first), Validation = 0.975 - (0.09 / e),
        }),
        .. Enumerable.Range(1, second).Select(e => new ReportEpoch
        {
            Phase = "quantized", Epoch = e, TrainLoss = 0.14 + (0.25 / e), ValidationLoss = 0.16 + (0.2 / e), LearningRate = 0.01 * Cosine(e, second),
            Validation = 0.963 - (0.14 / e / e), ValidationSoft = 0.969 - (0.06 / e),
        }),
    ];

    private static double Cosine(int epoch, int epochs) => 0.5 * (1 + Math.Cos(Math.PI * epoch / epochs));

    private static ReportMask Mask(int layer, Random random)
    {
        var (cx, cy, focus) = (random.Next(20, 44), random.Next(20, 44), 14e-3 + (6e-3 * layer));
        var levels = new int[Size, Size];
        var heights = new double[Size, Size];
        for (var row = 0; row < Size; row++)
            for (var column = 0; column < Size; column++)
            {
                var r2 = (((row - cy) * (row - cy)) + ((column - cx) * (column - cx))) * Pitch * Pitch;
                var phase = (-r2 / (2 * focus * Wavelength)) + (0.25 * random.NextDouble()) + Math.Sin(row * 0.21 * (layer + 1)) * 0.2;
                levels[row, column] = (int)((phase - Math.Floor(phase)) * 4) % 4;
                heights[row, column] = Table[levels[row, column]];
            }

        return new ReportMask { Name = $"Layer {layer + 1}", Levels = levels, Heights = heights, LevelTable = Table, PixelPitch = Pitch, WrapHeight = Wave };
    }

    private static DetectorRegion[] Detectors() =>
        [.. Enumerable.Range(0, 10).Select(c => c switch
        {
            < 3 => new DetectorRegion(12 + (c * 17), 12, 6, 6, c),
            < 7 => new DetectorRegion(8 + ((c - 3) * 14), 29, 6, 6, c),
            _ => new DetectorRegion(12 + ((c - 7) * 17), 46, 6, 6, c),
        })];

    private static ShownSample Sample(int label, int predicted, ReportMask[] masks, bool planes = false)
    {
        var input = Digit(label);
        var field = new Complex[Size, Size];
        for (var row = 0; row < Size; row++)
            for (var column = 0; column < Size; column++)
                field[row, column] = input[row, column];

        var behind = new List<float[,]>();
        foreach (var mask in masks)
        {
            field = Propagate(field);
            for (var row = 0; row < Size; row++)
                for (var column = 0; column < Size; column++)
                    field[row, column] *= Complex.FromPolarCoordinates(1, 2 * Math.PI * mask.Heights[row, column] / Wave);
            behind.Add(Intensity(field));
        }

        var output = Intensity(Propagate(field));
        var most = output.Cast<float>().Max();
        var detector = Detectors()[predicted];
        for (var row = 0; row < Size; row++)
            for (var column = 0; column < Size; column++)
                output[row, column] += 1.4f * most * MathF.Exp(-(MathF.Pow(row - (float)detector.Top - 2.5f, 2) + MathF.Pow(column - (float)detector.Left - 2.5f, 2)) / 8);

        var side = new float[120, Size];
        for (var z = 0; z < 120; z++)
            for (var x = 0; x < Size; x++)
                side[z, x] = z < 8 ? input[32, x] : behind[Math.Min(3, z / 30)][32, x] * (0.6f + (0.4f * MathF.Cos(z * 0.2f)));
        var scores = Enumerable.Range(0, 10).Select(c => c == predicted ? 0.41f : c == label ? 0.33f : 0.02f + (0.007f * ((c * 7) % 5))).ToArray();
        return new ShownSample
        {
            Caption = $"test image {(label * 811) + 12}",
            Input = input,
            Output = output,
            Label = label,
            Predicted = predicted,
            Scores = scores,
            Planes = planes ? behind : null,
            SideView = planes ? side : null,
        };
    }

    private static float[,] Digit(int digit)
    {
        var image = new float[Size, Size];
        foreach (var (segment, place) in Segments.Index().Where(s => (Digits[digit] >> s.Index & 1) == 1))
            for (var row = 0; row < place.Height * 2; row++)
                for (var column = 0; column < place.Width * 2; column++)
                    image[4 + (place.Row * 2) + row, 4 + (place.Column * 2) + column] = 1;
        return image;
    }

    private static Complex[,] FresnelKernel()
    {
        var kernel = new Complex[Size, Size];
        for (var i = 0; i < Size; i++)
            for (var j = 0; j < Size; j++)
                kernel[i, j] = Complex.FromPolarCoordinates(Pitch / Math.Sqrt(Wavelength * Spacing), Math.PI * Math.Pow((i - j) * Pitch, 2) / (Wavelength * Spacing));
        return kernel;
    }

    private static Complex[,] Propagate(Complex[,] field) => Multiply(Multiply(Kernel, field), Kernel);

    private static Complex[,] Multiply(Complex[,] left, Complex[,] right)
    {
        var product = new Complex[Size, Size];
        for (var i = 0; i < Size; i++)
            for (var k = 0; k < Size; k++)
                for (var j = 0; j < Size; j++)
                    product[i, j] += left[i, k] * right[k, j];
        return product;
    }

    private static float[,] Intensity(Complex[,] field)
    {
        var intensity = new float[Size, Size];
        for (var row = 0; row < Size; row++)
            for (var column = 0; column < Size; column++)
                intensity[row, column] = (float)(field[row, column].Real * field[row, column].Real) + (float)(field[row, column].Imaginary * field[row, column].Imaginary);
        return intensity;
    }

    private static int[,] Confusion(Random random)
    {
        var counts = new int[10, 10];
        for (var row = 0; row < 10; row++)
            for (var column = 0; column < 10; column++)
                counts[row, column] = row == column ? 940 + random.Next(30) : random.Next(3) == 0 ? random.Next(14) : 0;
        counts[4, 9] = 31;
        counts[9, 4] = 24;
        return counts;
    }
}
