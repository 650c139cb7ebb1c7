using OpticalQAT.Quantization;

namespace OpticalQAT.Tests.Support;

/// <summary>Every kind of quantizer with its defaults, and the forms of them that keys choose.</summary>
internal static class QuantizerVariations
{
    public static IEnumerable<(string Name, QuantizerKind Kind)> All =>
    [
        .. Kinds.Of<QuantizerKind>().Select(kind => (kind.GetType().Name, kind)),
        ("ProgressiveSigmoid, learnt", new ProgressiveSigmoid { Learnt = new() }),
        ("SoftTanh, learnt", new SoftTanh { Learnt = new() }),
        ("SoftTanh, quaton", new SoftTanh { Variant = SoftTanhVariant.Quaton }),
        ("GumbelSoftmax, noise to the end", new GumbelSoftmax { Noise = new OpticalQAT.Schedules.Constant { Value = 1 } }),
        ("Incremental around StraightThrough", new Incremental { Inner = new StraightThrough() }),
        ("Incremental around GumbelSoftmax", new Incremental { Inner = new GumbelSoftmax(), Order = FreezingOrder.Random }),
        ("LearnedLevels by ProgressiveSigmoid", new LearnedLevels { MinimumSpacing = new(1e-6), Inner = new ProgressiveSigmoid() }),
        ("LearnedLevels by GumbelSoftmax", new LearnedLevels { MinimumSpacing = new(1e-6), Inner = new GumbelSoftmax() }),
        ("Incremental around LearnedLevels", new Incremental { Inner = new LearnedLevels { MinimumSpacing = new(1e-6) } }),
    ];
}
