using BenchmarkDotNet.Attributes;
using OpticalQAT.Kernels;

namespace OpticalQAT.Benchmarks.Micro;

/// <summary>Eight lines through one transform, forward and filtered: the set of passes of one length.</summary>
public unsafe class LineBenchmarks
{
    private FourierPlan _plan = null!;
    private LineTransform<Lanes256> _line = null!;
    private AlignedBuffer _source = null!;
    private AlignedBuffer _tile = null!;
    private AlignedBuffer _transfer = null!;

    /// <summary>The padded length.</summary>
    [Params(128, 192, 200, 256, 400)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _plan = FourierPlan.TryCreate(Length)!;
        _line = new(_plan, Length / 2);
        _source = new(Length * 8);
        _tile = new(Length * 16);
        _transfer = new(Length * 16);
        for (var i = 0; i < _source.Length; i++)
            _source.Span[i] = MathF.Sin(i);
    }

    [Benchmark]
    public void Forward() => _line.Forward(new BareField<Lanes256>(_source.Start), 0, _tile.Start);

    [Benchmark]
    public void Filter() => _line.Filter<Filter>(_source.Start, _transfer.Start, _tile.Start);
}
