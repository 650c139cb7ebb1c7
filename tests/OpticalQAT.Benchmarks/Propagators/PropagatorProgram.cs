using System.Globalization;
using OpticalQAT.Configuration;
using OpticalQAT.Optics;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Benchmarks.Propagators;

/// <summary>
/// The results of each kind of propagator in a few geometries, in double precision: the relative error in norm against the sum over all
/// sources (Rayleigh-Sommerfeld) and against the angular spectrum on a plane 16 times as wide, for a smooth field, a Gaussian
/// beam, and for a rough one, random phases from pixel to pixel in the middle half of the plane.
/// </summary>
internal static class PropagatorProgram
{
    private static readonly Bench[] Benches =
    [
        new("published phase imaging", 632.8e-9, new Grid { Size = 128, PixelPitch = new Length(316.4e-9), Padding = 4 }, [3.373e-6, 5.904e-6]),
        new("the same, padding 2", 632.8e-9, new Grid { Size = 128, PixelPitch = new Length(316.4e-9) }, [3.373e-6, 5.904e-6]),
        new("small phase imaging", 0.75e-3, new Grid { Size = 64, PixelPitch = new Length(0.375e-3) }, [4e-3]),
        new("printed digits", 0.75e-3, new Grid { Size = 64, PixelPitch = new Length(0.75e-3) }, [24e-3, 83e-3, 84e-3, 0.24]),
        new("visible light", 532e-9, new Grid { Size = 128, PixelPitch = new Length(4e-6) }, [5e-3, 20e-3, 0.1]),
    ];

    public static int Run(TextWriter output)
    {
        foreach (var bench in Benches)
        {
            output.WriteLine(FormattableString.Invariant($"{bench.Name}: {bench.Grid.Size}², pitch {bench.Grid.PixelPitch}, wavelength {new Length(bench.Wavelength)}, padding {bench.Grid.Padding}"));
            foreach (var distance in bench.Distances)
                Write(output, bench, distance);
        }
        return 0;
    }

    private static void Write(TextWriter output, Bench bench, double distance)
    {
        using var scope = NewDisposeScope();
        var wave = new Wave(new Length(bench.Wavelength));
        var choice = new AutomaticPropagator().Choose(wave, bench.Grid, distance);
        output.WriteLine($"  {new Length(distance)}; auto picks {KindNames.Of(choice.Kind)}: {choice.Reason}");
        output.WriteLine("                                  smooth: to the sum    to 16×   rough: to the sum    to 16×   rough power");
        Tensor[] fields = [Field.GaussianBeam(bench.Grid, new Length(bench.Grid.Width.Metres / 8)), Rough(bench.Grid)];
        var sums = fields.Select(field => Propagate(new RayleighSommerfeld(), bench.Grid, field)).ToArray();
        var wide = fields.Select(field => Propagate(new AngularSpectrum(), bench.Grid with { Padding = 16 }, field)).ToArray();
        PropagatorKind[] kinds = [new AngularSpectrum(), new BandLimitedAngularSpectrum(), new RayleighSommerfeld(), new Fresnel(), new AutomaticPropagator()];
        foreach (var kind in kinds)
        {
            var found = fields.Select(field => Propagate(kind, bench.Grid, field)).ToArray();
            var power = Power(found[1]) / Power(fields[1]);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"    {KindNames.Of(kind),-30} {Error(found[0], sums[0]),18:0.0e+0} {Error(found[0], wide[0]),10:0.0e+0} {Error(found[1], sums[1]),18:0.0e+0} {Error(found[1], wide[1]),10:0.0e+0} {power,10:0.000}"));
        }

        Tensor Propagate(PropagatorKind kind, Grid grid, Tensor field) => new Propagator(kind, wave, grid, mayBeFast: false).Propagate(field, distance);
    }

    private static Tensor Rough(Grid grid)
    {
        using var generator = new Generator(1);
        var phases = rand([grid.Size, grid.Size], dtype: ScalarType.Float64, generator: generator) * (2 * Math.PI);
        var inside = (arange(grid.Size) - (grid.Size - 1) / 2.0).abs().lt(grid.Size / 4.0).to(ScalarType.Float64);
        return complex(phases.cos(), phases.sin()) * inside * inside.unsqueeze(1);
    }

    private static double Power(Tensor field) => field.abs().square().sum().item<double>();

    private static double Error(Tensor actual, Tensor expected) => Math.Sqrt(Power(actual - expected) / Power(expected));

    private sealed record Bench(string Name, double Wavelength, Grid Grid, double[] Distances);
}
