#:project ../src/OpticalQAT/OpticalQAT.csproj
#:property PublishAot=false
// Propagates a Gaussian beam over 20 cm and saves a picture of it: dotnet run samples/beam.cs
using OpticalQAT.Optics;
using OpticalQAT.Reports.Drawing;
using OpticalQAT.Runtime;
using OpticalQAT.Units;
using TorchSharp;

NativeRuntime.Initialize(); // finds libtorch, where torch is called before the library

// Light of 532 nm on 256 × 256 samples of 8 µm, in twice as wide a plane, so that nothing comes back in from the edge.
var grid = new Grid { Size = 256, PixelPitch = new Length(8e-6), Padding = 2 };
var wave = new Wave(new Length(532e-9));
var propagator = new Propagator(new AngularSpectrum(), wave, grid);

var (waist, distance) = (150e-6, 0.2);
using var start = Field.GaussianBeam(grid, new Length(waist));
using var end = propagator.Propagate(start, distance);

// The textbook: the beam is sqrt(1 + (z/z_R)²) times as wide, with z_R = πw²/λ, and its peak so much lower, squared.
var rayleigh = Math.PI * waist * waist / wave.Wavelength.Metres;
using var intensity = Field.Intensity(end).to(torch.float32);
Console.WriteLine($"peak {intensity.max().item<float>():0.0000}, by the textbook {1 / (1 + Math.Pow(distance / rayleigh, 2)):0.0000}");

var values = (float[,])intensity.data<float>().ToNDArray();
File.WriteAllBytes("beam.png", IndexedImage.FromValues(values, ColorMap.Inferno, 0, values.Cast<float>().Max()).ToPng());
Console.WriteLine("picture: beam.png");
