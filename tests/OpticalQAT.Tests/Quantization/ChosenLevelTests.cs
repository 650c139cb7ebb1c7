using NUnit.Framework;
using OpticalQAT.Quantization;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Quantization;

public sealed class ChosenLevelTests
{
    private const int Masks = 2;
    private const int Levels = 5;

    [Test]
    public void The_value_is_the_level_s_and_the_slope_that_of_the_mean(
        [Values(ScalarType.ComplexFloat32, ScalarType.Float64)] ScalarType type, [Values] bool tableForEachMask)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(5);
        var starts = tableForEachMask ? randn([Masks, Levels], type) : randn([Levels], type);
        var level = randint(Levels, [Masks, 3, 4]);
        var logits = randn(Masks, Levels, 3, 4);
        var g = randn([Masks, 3, 4], type);
        var values = new LevelValues(starts, starts);

        var (ours, ourGradient) = Through(weights => new WeightedIndex(weights, level).Interpolate(values));
        var table = (tableForEachMask ? starts : starts.unsqueeze(0)).view(-1, Levels, 1, 1);
        var (_, itsGradient) = Through(weights => (table * weights).sum(dim: 1L));

        Assert.Multiple(() =>
        {
            Assert.That(Tensors.SameBits(ours, values.OfLevels(level)), Is.True);
            Assert.That(ourGradient.allclose(itsGradient, rtol: 1e-5, atol: 1e-6), Is.True);
            Assert.That(ourGradient.abs().max().item<float>(), Is.GreaterThan(0.01f));
        });

        (Tensor Value, Tensor Gradient) Through(Func<Tensor, Tensor> interpolate)
        {
            var free = logits.clone().requires_grad_();
            var value = interpolate(free.softmax(1));
            value.backward([g]);
            return (value.detach(), free.grad!);
        }
    }
}
