using NUnit.Framework;
using OpticalQAT.Kernels;

namespace OpticalQAT.Tests.Kernels;

[TestFixture(typeof(Lanes128))]
[TestFixture(typeof(Lanes256))]
[TestFixture(typeof(Lanes512))]
internal unsafe class LanesTests<T>
    where T : unmanaged, ILanes<T>
{
    [Test]
    public void Transpose_exchanges_lanes_and_values()
    {
        var width = T.Width;
        var (source, target) = (Counting(2 * width * width), new AlignedBuffer(2 * width * width));
        T.Transpose(source.Start, target.Start);
        for (var value = 0; value < width; value++)
        {
            for (var lane = 0; lane < 2 * width; lane++)
            {
                var (part, index) = (lane / width * width, lane % width);
                Assert.That(target.Span[(value * 2 * width) + lane], Is.EqualTo(source.Span[(index * 2 * width) + part + value]));
            }
        }
    }

    [Test]
    public void Interleaving_is_torch_s_layout_and_back()
    {
        var width = T.Width;
        var (source, parts, back) = (Counting(2 * width), new AlignedBuffer(2 * width), new AlignedBuffer(2 * width));
        T.Deinterleave(source.Start).Store(parts.Start);
        T.Load(parts.Start).Interleave(back.Start);
        Assert.Multiple(() =>
        {
            Assert.That(parts.Span[..width].ToArray(), Is.EqualTo(Enumerable.Range(0, width).Select(i => 2f * i)));
            Assert.That(back.Span.ToArray(), Is.EqualTo(source.Span.ToArray()));
        });
    }

    private static AlignedBuffer Counting(int length)
    {
        var buffer = new AlignedBuffer(length);
        for (var i = 0; i < length; i++)
            buffer.Span[i] = i;
        return buffer;
    }
}
