using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Support;

/// <summary>A material and a level table in it, of each sort that matters to a quantizer.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Material">The material.</param>
/// <param name="Table">The levels.</param>
internal sealed record Tables(string Name, Material Material, LevelTable Table)
{
    private static readonly Wave Light = new(new Length(0.75e-3));

    /// <summary>A circle, a line with a seam, a line with both ends, and a line of uneven steps.</summary>
    public static IEnumerable<Tables> All => [Cyclic(4), Cyclic(5, extinction: 0.0311), Inclusive(3), Uneven];

    public static Tables Cyclic(int count, double extinction = 0) =>
        Of($"cyclic {count}{(extinction > 0 ? " with extinction" : "")}", extinction, new CyclicLevels { Count = count });

    public static Tables Inclusive(int count) =>
        Of($"inclusive {count}", 0, new InclusiveLevels { Count = count, Max = new Length(0.9e-3) });

    public static Tables Uneven => Of("uneven list", 0, new ListedLevels { Heights = [new(0.1e-3), new(0.2e-3), new(0.5e-3), new(0.95e-3)] });

    /// <summary>A mask material of this table behind a quantizer.</summary>
    /// <param name="quantizer">The kind.</param>
    /// <param name="gradient">What is interpolated.</param>
    /// <param name="position">Where the mask starts from, [n, n].</param>
    public QuantizedRelief Relief(QuantizerKind quantizer, GradientDomain gradient, Tensor position) => new(Material, quantizer.Build(Table, position.unsqueeze(0)), gradient);

    /// <summary>The same for a kind that need not know where the mask starts from.</summary>
    public QuantizedRelief Relief(QuantizerKind quantizer, GradientDomain gradient)
    {
        using var position = zeros(1);
        return Relief(quantizer, gradient, position);
    }

    public override string ToString() => Name;

    private static Tables Of(string name, double extinction, LevelsKind levels)
    {
        var material = new Material(1.7227, extinction, Light);
        return new Tables(name, material, levels.Build(material));
    }
}
