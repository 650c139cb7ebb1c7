using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Quantization;

namespace OpticalQAT.Tests.Laws;

/// <summary>The laws of every way of switching a quantizer on.</summary>
[TestFixtureSource(nameof(Kinds))]
public class SwitchOnLaws(SwitchOnKind kind)
{
    private static readonly int[] LayerCounts = [1, 2, 3, 5, 8];

    private static IEnumerable<SwitchOnKind> Kinds =>
        from kind in Support.Kinds.Of<SwitchOnKind>()
        from choice in Choices(kind)
        select choice;

    [Test]
    public void A_share_lies_between_none_and_all_and_never_falls([ValueSource(nameof(LayerCounts))] int layers)
    {
        foreach (var layer in Enumerable.Range(0, layers))
        {
            var shares = Enumerable.Range(0, 201).Select(i => kind.Share(layer, layers, i / 200.0)).ToArray();
            Assert.That(shares, Is.All.InRange(0, 1), $"layer {layer + 1} of {layers}");
            Assert.That(shares, Is.Ordered.Ascending, $"layer {layer + 1} of {layers}");
        }
    }

    /// <summary>A phase under a quantizer that is on for nothing would be one of full precision.</summary>
    [Test]
    public void Something_is_on_with_the_first_step([ValueSource(nameof(LayerCounts))] int layers) =>
        Assert.That(Enumerable.Range(0, layers).Sum(layer => kind.Share(layer, layers, 0)), Is.GreaterThan(0));

    /// <summary>The phase ends with what is printed.</summary>
    [Test]
    public void Everything_is_on_at_the_end([ValueSource(nameof(LayerCounts))] int layers) =>
        Assert.That(Enumerable.Range(0, layers).Select(layer => kind.Share(layer, layers, 1)), Is.All.EqualTo(1));

    public override string ToString() => kind.ToString()!;

    /// <summary>A kind with its defaults, and one of each further choice that it offers.</summary>
    private static IEnumerable<SwitchOnKind> Choices(SwitchOnKind kind)
    {
        yield return kind;
        foreach (var key in RecordShape.Of(kind.GetType()).Keys.Where(key => key.Shape.Type.IsEnum))
        {
            foreach (var choice in Enum.GetValues(key.Shape.Type).Cast<object>().Skip(1))
            {
                var other = (SwitchOnKind)RecordShape.Copy(kind);
                key.Property.SetValue(other, choice);
                yield return other;
            }
        }
    }
}
