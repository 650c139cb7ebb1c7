using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OpticalQAT.Formats;
using OpticalQAT.Optics;
using OpticalQAT.Runtime;
using OpticalQAT.Units;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Benchmarks.Devices;

/// <summary>One geometry on a device: how far from the CPU in double precision, and how fast beside the published algorithm.</summary>
internal sealed record DeviceResult(
    int Points, int Layers, int Batch, double OutputError, double GradientError, double ReferenceMilliseconds, double Milliseconds, double Ratio, double ImagesPerSecond);

/// <summary>
/// Correctness and throughput of a stack of masks on a device: forward and backward against double precision on the CPU,
/// and timed beside the published algorithm (padding by copies, shifts on both sides of the multiplication).
/// </summary>
internal static class DeviceProgram
{
    private const double Tolerance = 1e-5;
    private const int Repeats = 9;

    public static int Run(TextWriter output, string choice, bool json)
    {
        var device = ComputeDevice.Resolve(DeviceChoice.Parse(choice, CultureInfo.InvariantCulture));
        if (device.Note is { } note)
            Console.Error.WriteLine(note);
        var results = new[] { (64, 4, 64), (128, 5, 16), (200, 5, 16) }.Select(g => Measure(device.Device, g.Item1, g.Item2, g.Item3)).ToArray();
        if (json)
            output.WriteLine(JsonSerializer.Serialize(new { device = device.Device.ToString(), results }, Json.Document));
        else
            Print(output, device.Device, results);
        return results.All(r => r.OutputError <= Tolerance && r.GradientError <= Tolerance) ? 0 : 3;
    }

    private static DeviceResult Measure(Device device, int points, int layers, int batch)
    {
        using var scope = NewDisposeScope();
        var grid = new Grid { Size = points, PixelPitch = Length.Parse("0.75 mm", CultureInfo.InvariantCulture) };
        var wave = new Wave(grid.PixelPitch);
        var (fields, phases) = (view_as_complex(randn(batch, points, points, 2)), rand(layers, points, points) * (2 * Math.PI));
        var propagator = new Propagator(new AngularSpectrum(), wave, grid);
        var exact = Gradient(fields.to(ScalarType.ComplexFloat64), phases.to(ScalarType.Float64), Ours);
        var (u, p) = (fields.to(device), phases.to(device));
        var ours = Gradient(u, p, Ours);

        var transfer = fft.fftshift(propagator.TransferFunction(Distance, device, ScalarType.ComplexFloat32));
        var (times, references) = (new List<double>(), new List<double>());
        for (var i = 0; i <= Repeats; i++)
        {
            var (reference, own) = (Time(device, () => Gradient(u, p, Published)), Time(device, () => Gradient(u, p, Ours)));
            if (i == 0)
                continue; // warms up
            references.Add(reference);
            times.Add(own);
        }
        var (slow, fast) = (Median(references), Median(times));
        return new DeviceResult(points, layers, batch, Error(ours.Output, exact.Output), Error(ours.Gradient, exact.Gradient), slow * 1e3, fast * 1e3, fast / slow, batch / fast);

        Tensor Ours(Tensor field, Tensor masks)
        {
            var h = propagator.Over(Distance).OnWorkingPlane(field.device, field.dtype);
            return TorchStack.Apply(field, masks, [.. Enumerable.Repeat(h, layers)]);
        }

        Tensor Published(Tensor field, Tensor masks)
        {
            long n = points, m = grid.PaddedSize, start = (m - n) / 2;
            for (var l = 0; l < layers; l++)
            {
                var padded = zeros([batch, m, m], dtype: ScalarType.ComplexFloat32, device: device);
                padded.slice(1, start, start + n, 1).slice(2, start, start + n, 1).copy_(field * masks[l]);
                var filtered = fft.ifftshift(fft.fftshift(fft.fft2(padded), [1, 2]) * transfer, [1, 2]);
                field = fft.ifft2(filtered).slice(1, start, start + n, 1).slice(2, start, start + n, 1);
            }
            return field;
        }
    }

    private const double Distance = 24e-3;

    private static (Tensor Output, Tensor Gradient) Gradient(Tensor fields, Tensor phases, Func<Tensor, Tensor, Tensor> stack)
    {
        var p = phases.detach().requires_grad_();
        var output = stack(fields, polar(ones_like(p), p));
        Field.Intensity(output).square().sum().BackwardGuarded();
        return (output.detach(), p.grad!);
    }

    private static double Time(Device device, Func<(Tensor, Tensor)> step)
    {
        using var scope = NewDisposeScope();
        var clock = Stopwatch.StartNew();
        var (_, gradient) = step();
        if (device.type == DeviceType.CUDA)
            cuda.synchronize(device);
        _ = gradient.sum().item<float>();
        return clock.Elapsed.TotalSeconds;
    }

    private static double Error(Tensor value, Tensor exact)
    {
        using var scope = NewDisposeScope();
        var difference = value.cpu().to(exact.dtype) - exact;
        return (difference.abs().square().sum().sqrt() / exact.abs().square().sum().sqrt()).ToDouble();
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Print(TextWriter output, Device device, IEnumerable<DeviceResult> results)
    {
        output.WriteLine($"device {device}; wall time of forward + backward, medians of {Repeats}, in turn with the published algorithm");
        output.WriteLine("   N  layers  batch   output error   gradient error   published, ms   ours, ms   ratio   images/s");
        foreach (var r in results)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{r.Points,4} {r.Layers,7} {r.Batch,6} {r.OutputError,14:E1} {r.GradientError,16:E1} {r.ReferenceMilliseconds,15:0.0} {r.Milliseconds,10:0.0} {r.Ratio,7:0.00} {r.ImagesPerSecond,10:0}"));
    }
}
