using OpticalQAT.Data;
using OpticalQAT.Optics;
using OpticalQAT.Quantization;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>
/// The printed masks of a model: one learnable position for each printed pixel of each mask, and the makes that turn them
/// into what the light meets. Masks of like make are worked out together, behind one quantizer. In training the surface is
/// the differentiable one; in evaluation it is that of what is printed.
/// </summary>
public sealed class MaskStack : nn.Module
{
    private readonly bool[] _frozen;

    [ComponentName(Name = "position")]
    private readonly Parameter _position;

    /// <summary>Masks of one make.</summary>
    /// <param name="relief">The make.</param>
    /// <param name="positions">float32, [L, n, n], in the make's unit; copied.</param>
    /// <param name="frame">Where the printed pixels stand in the plane.</param>
    /// <param name="frozen">Layers that are not learnt, counted from 0.</param>
    public MaskStack(Relief relief, Tensor positions, MaskFrame frame, params IReadOnlyCollection<int> frozen)
        : this([new MaskGroup(relief, [.. Enumerable.Range(0, (int)positions.shape[0])])], positions, frame, frozen)
    {
    }

    /// <summary>Masks of several makes.</summary>
    /// <param name="groups">The makes, which together have each layer once.</param>
    /// <param name="positions">float32, [L, n, n], each layer in its make's unit; copied.</param>
    /// <param name="frame">Where the printed pixels stand in the plane.</param>
    /// <param name="frozen">Layers that are not learnt, counted from 0.</param>
    public MaskStack(IReadOnlyList<MaskGroup> groups, Tensor positions, MaskFrame frame, params IReadOnlyCollection<int> frozen) : base(nameof(MaskStack))
    {
        Groups = groups;
        Frame = frame;
        Count = (int)positions.shape[0];
        if (!groups.SelectMany(group => group.Layers).Order().SequenceEqual(Enumerable.Range(0, Count)))
            throw new ArgumentException($"the groups have the layers {string.Join(", ", groups.SelectMany(group => group.Layers).Order())}, and must have each of the {Count} once", nameof(groups));
        _frozen = [.. Enumerable.Range(0, Count).Select(frozen.Contains)];
        _position = new Parameter(positions.detach().clone());
        _position.DetachFromDisposeScope();
        RegisterComponents();
        foreach (var (place, group) in groups.Index())
            Register(group, groups.Count == 1 ? "quantizer" : $"quantizer_{place + 1}");
        _position.requires_grad = groups.Any(group => group.Relief.Quantizer is null or { LearnsPositions: true }) && !Array.TrueForAll(_frozen, isFrozen => isFrozen);
    }

    /// <summary>The makes of the masks.</summary>
    public IReadOnlyList<MaskGroup> Groups { get; }

    /// <summary>The number of masks, L.</summary>
    public int Count { get; }

    /// <summary>The place of the printed pixels in the plane.</summary>
    public MaskFrame Frame { get; }

    /// <summary>Printed pixels a side, n.</summary>
    public int Pixels => (int)_position.shape[^1];

    /// <summary>The material that the masks are printed in.</summary>
    public Material Material => Groups[0].Relief.Material;

    /// <summary>The learnable positions, float32, [L, n, n]: level units, or radians of delay in full precision; of phase and amplitude both [L, 2, n, n].</summary>
    public Parameter Position => _position;

    /// <summary>The device of the positions.</summary>
    public Device Device => _position.device;

    /// <summary>Whether the masks have printable levels; otherwise any height can be printed.</summary>
    public bool HaveLevels => Groups[0].Relief.Quantizer is not null;

    /// <summary>The printable levels of each mask; null in full precision.</summary>
    public IReadOnlyList<LevelTable>? Tables
    {
        get
        {
            if (!HaveLevels)
                return null;
            var tables = new LevelTable[Count];
            // Once for each group: levels that are learnt come from the device.
            foreach (var (table, layer) in Groups.SelectMany(group => group.Relief.Tables!.Zip(group.Layers)))
                tables[layer] = table;
            return tables;
        }
    }

    /// <summary>The forward value in training; null in full precision.</summary>
    public TrainingForward? Forward => Groups[0].Relief.Quantizer?.Forward;

    /// <summary>Whether levels are learnt as positions, which can be moved from level to level, and not by something in their place.</summary>
    public bool LearnPositionsOfLevels => Groups.All(group => group.Relief.Quantizer is { LearnsPositions: true });

    /// <summary>Whether a layer, counted from 0, is not learnt.</summary>
    public bool IsFrozen(int layer) => _frozen[layer];

    /// <summary>Takes the progress of training: what the quantizers' schedules follow.</summary>
    /// <param name="progress">From 0 to 1.</param>
    /// <param name="seed">The step's own: what quantizers draw in it follows from it.</param>
    /// <param name="phaseSeed">The phase's own: what is drawn once for all of it follows from it.</param>
    public void Advance(double progress, long seed = 0, long phaseSeed = 0)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        foreach (var (relief, layers) in Groups)
        {
            var moment = new TrainingMoment(progress, [.. layers.Select(layer =>
                new MaskMoment(Seeds.Derive(seed, "mask", layer), Seeds.Derive(phaseSeed, "mask", layer), relief.Share(layer, Count, progress)))]);
            relief.Quantizer?.Advance(moment, Of(_position, layers));
        }
    }

    /// <summary>The surface that the light meets.</summary>
    /// <param name="withHeights">Whether the heights are wanted beside the transmissions.</param>
    public MaskSurface Surface(bool withHeights = false)
    {
        using var scope = NewDisposeScope();
        var parts = Groups.Select(group => SurfaceOf(group, withHeights)).ToArray();
        var heights = withHeights ? Frame.PlaceHeights(Joined([.. parts.Select(part => part.Heights!)], -3)) : null;
        return new MaskSurface(Frame.PlaceTransmission(Joined([.. parts.Select(part => part.Transmissions)], -3)), heights).MoveToOuterDisposeScope();
    }

    /// <summary>The heights that are printed, float64, [L, n, n], metres; with levels bit-equal to entries of the tables.</summary>
    public Tensor Heights() => Each((relief, positions) => relief.PrintedHeights(positions));

    /// <summary>The heights that are printed, in metres, on the host: for each layer n·n of them, row by row.</summary>
    public double[][] HeightsOfLayers()
    {
        using var heights = Heights().cpu();
        return [.. heights.data<double>().ToArray().Chunk(Pixels * Pixels)];
    }

    /// <summary>The amplitudes that are printed beside the heights, float32, [L, n, n]; null where the height alone decides.</summary>
    public Tensor? Amplitudes()
    {
        using var scope = NewDisposeScope();
        Tensor[] parts = [.. Groups.Select(group => group.Relief.PrintedAmplitudes(Of(_position, group.Layers))).OfType<Tensor>()];
        return parts.Length == Groups.Count ? Joined(parts, 0).MoveToOuterDisposeScope() : null;
    }

    /// <summary>The level of every printed pixel, int64, [L, n, n]; null in full precision.</summary>
    public Tensor? Levels() => HaveLevels ? Each((relief, positions) => relief.Quantizer!.Levels.Nearest(relief.Quantizer.Printed(positions))) : null;

    /// <summary>The positions that are rounded to what is printed, float32, [L, n, n]: those that are learnt, or what the quantizer makes of what it learns in their place.</summary>
    public Tensor PrintedPositions() => Each((relief, positions) => relief.Quantizer?.Printed(positions) ?? positions.alias());

    /// <summary>The transmissions of all levels of a mask, [N] or [W, N]; null in full precision.</summary>
    public Tensor? LevelTransmissions(int layer)
    {
        var (relief, layers) = Groups.First(group => group.Layers.Contains(layer));
        return relief.LevelTransmissions(layers.Index().First(each => each.Item == layer).Index, Device);
    }

    /// <summary>The positions that give the heights of other masks of the same number and size.</summary>
    /// <exception cref="ArgumentException">The other masks give the light something else to meet.</exception>
    public Tensor PositionsOf(MaskStack other)
    {
        using var scope = NewDisposeScope();
        var heights = other.Heights();
        return Joined([.. Groups.Select(group => group.Relief.PositionsOf(Of(heights, group.Layers), Of(other._position, group.Layers), other.Groups[0].Relief))], 0).MoveToOuterDisposeScope();
    }

    /// <summary>The term that is added to the loss for the sake of the quantizers' parameters, a scalar; null where there is none.</summary>
    public Tensor? Penalty()
    {
        var penalties = Groups.Select(group => group.Relief.Quantizer?.Penalty()).OfType<Tensor>().ToArray();
        return penalties.Length == 0 ? null : penalties.Aggregate((sum, penalty) => sum + penalty);
    }

    /// <summary>Lets an optimizer make its step: layers that are frozen stay, whatever it does, and positions that stray move back to where they mean a height.</summary>
    public void Update(Action step)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var held = Array.Exists(_frozen, isFrozen => isFrozen) ? _position.clone() : null;
        using (enable_grad())
            step();
        Confine();
        for (var layer = 0; layer < Count && held is not null; layer++)
        {
            if (_frozen[layer])
                _position[layer].copy_(held[layer]);
        }
    }

    /// <summary>Moves positions that strayed back to where they mean a height.</summary>
    public void Confine()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        foreach (var (relief, layers) in Groups)
        {
            if (layers.Count == Count)
            {
                relief.Confine(_position);
                continue;
            }
            var positions = Of(_position, layers);
            relief.Confine(positions);
            foreach (var (place, layer) in layers.Index())
                _position[layer].copy_(positions[place]);
        }
    }

    /// <summary>Masks at printable levels behind a quantizer: one for all masks of equal tables that are learnt, or are not.</summary>
    /// <param name="material">The material that they are printed in.</param>
    /// <param name="tables">For each layer the printable heights.</param>
    /// <param name="quantizer">The quantizer to train through.</param>
    /// <param name="positions">float32, [L, n, n], level units; copied.</param>
    /// <param name="frame">Where the printed pixels stand in the plane.</param>
    /// <param name="frozen">Layers that are not learnt, counted from 0.</param>
    public static MaskStack Quantized(Material material, IReadOnlyList<LevelTable> tables, QuantizerKind quantizer, Tensor positions, MaskFrame frame, params IReadOnlyCollection<int> frozen)
    {
        using var scope = NewDisposeScope();
        return new MaskStack(Grouped(tables, frozen, (table, layers) =>
            new QuantizedRelief(material, quantizer.Build(table, Of(positions, layers)), quantizer.Gradient, quantizer.SwitchOn)), positions, frame, frozen);
    }

    /// <summary>The groups of layers of equal tables that are learnt, or are not.</summary>
    internal static IReadOnlyList<MaskGroup> Grouped(IReadOnlyList<LevelTable> tables, IReadOnlyCollection<int> frozen, Func<LevelTable, IReadOnlyList<int>, Relief> make) =>
        [.. Enumerable.Range(0, tables.Count).GroupBy(layer => (tables[layer], frozen.Contains(layer))).Select(group => (int[])[.. group])
            .Select(layers => new MaskGroup(make(tables[layers[0]], layers), layers))];

    private void Register(MaskGroup group, string name)
    {
        if (group.Relief.Quantizer is not { } quantizer)
            return;
        // Only what has something to keep: names of parameters and buffers stay those of the positions otherwise.
        if (quantizer.parameters().Any() || quantizer.buffers().Any())
            register_module(name, quantizer);
        if (!group.Layers.Any(layer => _frozen[layer]))
            return;
        foreach (var parameter in quantizer.parameters())
            parameter.requires_grad = false;
    }

    private MaskSurface SurfaceOf(MaskGroup group, bool withHeights)
    {
        var (relief, positions) = (group.Relief, Of(_position, group.Layers));
        if (group.Layers.Any(layer => _frozen[layer]))
            positions = Learnt(positions, group.Layers);
        if (!training)
            return new(relief.PrintedTransmission(positions), withHeights ? relief.PrintedHeights(positions) : null);
        if (!withHeights)
            return new(relief.Transmission(positions));
        var (transmission, heights) = relief.Surface(positions);
        return new(transmission, heights);
    }

    /// <summary>The positions, of which those of frozen layers pass no gradient.</summary>
    private Tensor Learnt(Tensor positions, IReadOnlyList<int> layers)
    {
        var isFrozen = tensor([.. layers.Select(layer => _frozen[layer])], device: positions.device).view([-1, .. Enumerable.Repeat(1L, (int)positions.dim() - 1)]);
        return where(isFrozen, positions.detach(), positions);
    }

    private Tensor Each(Func<Relief, Tensor, Tensor> get)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        return Joined([.. Groups.Select(group => get(group.Relief, Of(_position, group.Layers)))], 0).MoveToOuterDisposeScope();
    }

    /// <summary>Some of the layers, in the order in which they are named.</summary>
    private static Tensor Of(Tensor values, IReadOnlyList<int> layers)
    {
        if (layers.Count == values.shape[0])
            return values.alias();
        using var indices = tensor([.. layers.Select(layer => (long)layer)]).to(values.device);
        return values.index_select(0, indices);
    }

    /// <summary>The values of all groups in layer order.</summary>
    private Tensor Joined(Tensor[] parts, int dimension)
    {
        if (parts.Length == 1)
            return parts[0];
        var places = new long[Count];
        foreach (var (place, layer) in Groups.SelectMany(group => group.Layers).Index())
            places[layer] = place;
        return cat(parts, dimension).index_select(dimension, tensor(places).to(parts[0].device));
    }
}
