using System.Text.Json;
using OpticalQAT.Formats;
using OpticalQAT.Optics;
using OpticalQAT.Units;
using TorchSharp;

namespace OpticalQAT.Tests.Goldens;

/// <summary>A case of the golden numbers: its parameters and its arrays. README.md says where they come from.</summary>
internal sealed class Golden(JsonElement parameters)
{
    private static readonly Lazy<Golden[]> All = new(() =>
        [.. JsonDocument.Parse(File.ReadAllText(PathOf("index.json"))).RootElement.GetProperty("cases").EnumerateArray().Select(entry => new Golden(entry))]);

    public string Name => Text("name");

    /// <summary>The cases whose names begin so; there is at least one.</summary>
    public static IEnumerable<Golden> Named(string prefix)
    {
        var found = All.Value.Where(g => g.Name.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
        return found.Length > 0 ? found : throw new ArgumentException($"no golden case is called {prefix}…", nameof(prefix));
    }

    public string Text(string key) => parameters.GetProperty(key).GetString()!;

    public double Number(string key) => parameters.GetProperty(key).GetDouble();

    public bool Flag(string key) => parameters.GetProperty(key).GetBoolean();

    public int Count(string key) => parameters.GetProperty(key).GetInt32();

    /// <summary>The files of the case's arrays, by name.</summary>
    public IReadOnlyDictionary<string, string> Files =>
        parameters.GetProperty("files").EnumerateObject().ToDictionary(file => file.Name, file => PathOf(file.Value.GetString()!), StringComparer.Ordinal);

    /// <summary>One of the case's arrays: float64 or complex128.</summary>
    public torch.Tensor Array(string key) => NpyFile.Read(Files[key]);

    /// <summary>The light, the sampling and the kernel of an optical case.</summary>
    public Propagator Propagator()
    {
        var padding = parameters.TryGetProperty("padding", out var padded) ? padded.GetDouble() : 1;
        var grid = new Grid { Size = Count("grid"), PixelPitch = new Length(Number("pixel_pitch_m")), Padding = padding };
        var isBandLimited = parameters.TryGetProperty("band_limited", out var limited) && limited.GetBoolean();
        PropagatorKind kind = isBandLimited ? new BandLimitedAngularSpectrum()
            : parameters.TryGetProperty("kind", out var named) && named.ValueEquals("rayleigh_sommerfeld") ? new RayleighSommerfeld()
            : new AngularSpectrum();
        return new Propagator(kind, new Wave(new Length(Number("wavelength_m")), Number("medium_index")), grid);
    }

    public override string ToString() => Name;

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Goldens", file);
}
