namespace OpticalQAT.Kernels;

/// <summary>The stack in one vector length.</summary>
internal sealed unsafe class StackEngine<T>(FourierPlan plan, int points) : StackEngine(points, plan.Length, T.Width * 32)
    where T : unmanaged, ILanes<T>
{
    private readonly PlanePropagation<T> _propagation = new(plan, points);
    private AlignedBuffer? _masks;
    private Worker[] _workers = [];

    private long PlaneOfArrays => 2L * Points * Points;

    public override AlignedBuffer Arrange(ReadOnlySpan<double> transfer) => _propagation.Arrange(transfer);

    public override AlignedBuffer Arrange(TransferQuadrant transfer) => _propagation.Arrange(transfer);

    public override SavedFields Save(int layers, int batch)
    {
        var saved = new SavedFields(layers * (long)_propagation.PlaneLength);
        saved.Reserve(batch);
        return saved;
    }

    public override void Forward(
        float* fields, float* masks, AlignedBuffer[] transfers, float* output, int batch, SavedFields? saved, int threads)
    {
        var arranged = masks is null ? null : GatherMasks(masks, transfers.Length, saved);
        EachWorker(batch, threads, (worker, sample) =>
        {
            var u = saved is null ? worker.Plane.Start : saved.Fields[sample].Start;
            _propagation.Gather(fields + (sample * PlaneOfArrays), u);
            for (var l = 0; l < transfers.Length; l++)
            {
                var next = saved is null || l == transfers.Length - 1 ? worker.Plane.Start : u + _propagation.PlaneLength;
                var sink = new BareField<T>(next);
                if (arranged is null)
                    _propagation.Run<Filter, BareField<T>, BareField<T>>(new(u), sink, transfers[l], worker.Tile, worker.Workspace);
                else
                {
                    var source = new MaskedField<T>(u, arranged.Start + ((long)l * _propagation.PlaneLength));
                    _propagation.Run<Filter, MaskedField<T>, BareField<T>>(source, sink, transfers[l], worker.Tile, worker.Workspace);
                }
                u = next;
            }
            _propagation.Scatter(worker.Plane.Start, output + (sample * PlaneOfArrays));
        });
    }

    public override void Backward(
        float* outputGradient, AlignedBuffer[] transfers, SavedFields? saved, float* maskGradient, float* fieldGradient, int batch, int threads)
    {
        var length = saved is null ? 0 : transfers.Length * _propagation.PlaneLength;
        var workers = Prepare(batch, threads);
        foreach (var worker in workers)
            worker.ClearMaskGradient(length);
        EachWorker(batch, threads, (worker, sample) =>
        {
            var g = worker.Plane.Start;
            _propagation.Gather(outputGradient + (sample * PlaneOfArrays), g);
            for (var l = transfers.Length - 1; l >= 0; l--)
            {
                var source = new BareField<T>(g);
                if (saved is null)
                    _propagation.Run<FilterAdjoint, BareField<T>, BareField<T>>(source, source, transfers[l], worker.Tile, worker.Workspace);
                else
                {
                    var offset = (long)l * _propagation.PlaneLength;
                    var sink = new MaskAdjoint<T>(
                        saved.Fields[sample].Start + offset, saved.Masks.Start + offset, worker.MaskGradient.Start + offset, g);
                    _propagation.Run<FilterAdjoint, BareField<T>, MaskAdjoint<T>>(source, sink, transfers[l], worker.Tile, worker.Workspace);
                }
            }
            if (fieldGradient is not null)
                _propagation.Scatter(g, fieldGradient + (sample * PlaneOfArrays));
        });
        if (maskGradient is not null)
            AddUp(workers, transfers.Length, maskGradient);
    }

    private AlignedBuffer GatherMasks(float* masks, int layers, SavedFields? saved)
    {
        var length = layers * _propagation.PlaneLength;
        if (saved is null && _masks?.Length != length)
            _masks = new(length);
        var arranged = saved?.Masks ?? _masks!;
        for (var l = 0; l < layers; l++)
            _propagation.Gather(masks + (l * PlaneOfArrays), arranged.Start + ((long)l * _propagation.PlaneLength));
        return arranged;
    }

    private void AddUp(ReadOnlySpan<Worker> workers, int layers, float* maskGradient)
    {
        var total = workers[0].MaskGradient;
        foreach (var worker in workers[1..])
        {
            for (var i = 0; i < total.Length; i += 2 * T.Width)
                (T.Load(total.Start + i) + T.Load(worker.MaskGradient.Start + i)).Store(total.Start + i);
        }
        for (var l = 0; l < layers; l++)
            _propagation.Scatter(total.Start + ((long)l * _propagation.PlaneLength), maskGradient + (l * PlaneOfArrays));
    }

    private Span<Worker> Prepare(int batch, int threads)
    {
        var count = Math.Clamp(threads, 1, batch);
        while (_workers.Length < count)
            _workers = [.. _workers, new(_propagation)];
        return _workers.AsSpan(0, count);
    }

    private void EachWorker(int batch, int threads, Action<Worker, int> propagate)
    {
        var count = Prepare(batch, threads).Length;
        if (count == 1)
            Share(0);
        else
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = count }, Share);
        void Share(int w)
        {
            for (var sample = (int)((long)batch * w / count); sample < (int)((long)batch * (w + 1) / count); sample++)
                propagate(_workers[w], sample);
        }
    }

    /// <summary>The scratch memory of one worker.</summary>
    private sealed class Worker(PlanePropagation<T> propagation)
    {
        public AlignedBuffer Tile { get; } = new(propagation.TileLength);

        public AlignedBuffer Workspace { get; } = new(propagation.WorkspaceLength);

        public AlignedBuffer Plane { get; } = new(propagation.PlaneLength);

        public AlignedBuffer MaskGradient { get; private set; } = new(0);

        public void ClearMaskGradient(int length)
        {
            if (MaskGradient.Length == length)
                MaskGradient.Span.Clear();
            else
                MaskGradient = new(length);
        }
    }
}
