using OpticalQAT.Data;
using OpticalQAT.Models.Perturbations;
using OpticalQAT.Optics;
using OpticalQAT.Optics.Fast;
using OpticalQAT.Quantization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OpticalQAT.Models;

/// <summary>
/// A stack of printed masks. Light comes in, travels to the first mask, and from each mask on to the next plane; the
/// last plane is the output. The module reads as the light travels.
/// </summary>
public class OpticalModel : nn.Module<Tensor, Tensor>
{
    private readonly Propagator _propagator;
    private readonly double _inputDistance;
    private readonly ModuleList<DiffractiveLayer> _layers;
    private readonly Lazy<FastStack[]> _fastStacks;

    /// <summary>A network.</summary>
    /// <param name="propagator">What carries the light.</param>
    /// <param name="inputDistance">From the input plane to the first mask, in metres.</param>
    /// <param name="layers">The masks, each with the way behind it.</param>
    public OpticalModel(Propagator propagator, double inputDistance, IEnumerable<DiffractiveLayer> layers) : base(nameof(OpticalModel))
    {
        _propagator = propagator;
        _inputDistance = inputDistance;
        _layers = new ModuleList<DiffractiveLayer>([.. layers]);
        _fastStacks = new(() => [.. propagator.Lines.Select(line => line.FastStack(Distances.Skip(1)))]);
#pragma warning disable MA0056 // torch's own registration; no network overrides it
        register_module("layers", _layers);
#pragma warning restore MA0056
    }

    /// <summary>The layers, in the light's order.</summary>
    public IReadOnlyList<DiffractiveLayer> Layers => [.. _layers];

    /// <summary>The masks, in the light's order.</summary>
    public IEnumerable<HeightMask> Masks => _layers.Select(layer => layer.Mask);

    /// <summary>The distances between the planes in the light's order, in metres: input to first mask, …, last mask to output.</summary>
    public IEnumerable<double> Distances => [_inputDistance, .. _layers.Select(layer => layer.Distance)];

    /// <summary>Whether there is nothing but free space between the planes.</summary>
    public virtual bool IsFreeSpace => true;

    /// <summary>What carries the light between the planes.</summary>
    public Propagator Propagator => _propagator;

    /// <summary>The sampling of every plane.</summary>
    public Grid Grid => _propagator.Grid;

    /// <summary>The field at the output plane.</summary>
    /// <param name="input">complex64, [B, N, N], or [B, W, N, N] in light of several wavelengths, at the input plane.</param>
    /// <returns>complex64, of the same shape.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return ForwardFromFirstMask(ToFirstMask(input)).MoveToOuterDisposeScope();
    }

    /// <summary>The way from the input plane to the first mask. Nothing on it is learnt: it is worked out once for a whole data set.</summary>
    /// <param name="input">complex64, [B, N, N] or [B, W, N, N].</param>
    /// <param name="passage">The way there, where it is not the network's own: <see cref="Optics.Propagator.At"/>.</param>
    public virtual Tensor ToFirstMask(Tensor input, Passage? passage = null) =>
        _propagator.Propagate(input, passage ?? _propagator.Over(_inputDistance));

    /// <summary>The field at the output plane of a fabricated device.</summary>
    /// <param name="input">complex64, [B, N, N], at the input plane.</param>
    /// <param name="device">How it deviates from the design; null not at all. Must outlive the backward pass.</param>
    public Tensor Forward(Tensor input, DeviceErrors? device)
    {
        using var scope = NewDisposeScope();
        var field = device is { ReachesInput: true } ? device.ToFirstMask(input, this) : ToFirstMask(input);
        return ThroughMasks(field, device).MoveToOuterDisposeScope();
    }

    /// <summary>The way through the masks of a fabricated device.</summary>
    /// <param name="field">complex64, [B, N, N], just before the first mask.</param>
    /// <param name="device">How it deviates from the design; null not at all. Must outlive the backward pass.</param>
    /// <exception cref="ArgumentException">The light reaches the device's first mask otherwise, so that the field there is not the design's.</exception>
    public Tensor ForwardFromFirstMask(Tensor field, DeviceErrors? device) => device is { ReachesInput: true }
        ? throw new ArgumentException("the errors of this device change the light before the first mask; give its input to Forward", nameof(device))
        : ThroughMasks(field, device);

    /// <summary>The way through the masks to the output plane.</summary>
    /// <param name="field">complex64, [B, N, N] or [B, W, N, N], just before the first mask.</param>
    /// <param name="behind">The ways behind the masks, one for each, where they are not the network's own; must outlive the backward pass.</param>
    public Tensor ForwardFromFirstMask(Tensor field, IReadOnlyList<Passage>? behind = null)
    {
        using var scope = NewDisposeScope();
        return Through(field, HeightMask.Transmissions([.. Masks]), behind).MoveToOuterDisposeScope();
    }

    private Tensor ThroughMasks(Tensor field, DeviceErrors? device)
    {
        if (device is null)
            return ForwardFromFirstMask(field);
        using var scope = NewDisposeScope();
        var behind = device.ChangesLight ? device.Passages(this).Skip(1).ToArray() : null;
        return Through(field, device.Masks.Transmissions([.. Masks]), behind).MoveToOuterDisposeScope();
    }

    /// <summary>The way through masks of given transmissions to the output plane: where the gradient is wanted by them, and not by what they are made of.</summary>
    /// <param name="field">complex64, [B, N, N] or [B, W, N, N], just before the first mask.</param>
    /// <param name="transmissions">As <see cref="HeightMask.Transmissions"/> gives them.</param>
    internal Tensor ThroughTransmissions(Tensor field, Tensor transmissions) => Through(field, transmissions, null);

    /// <summary>The way through masks of given transmissions.</summary>
    /// <param name="field">complex64, [B, N, N], just before the first mask.</param>
    /// <param name="transmissions">complex64, [masks, N, N].</param>
    /// <param name="behind">The ways behind the masks, where they are not the network's own.</param>
    protected virtual Tensor Through(Tensor field, Tensor transmissions, IReadOnlyList<Passage>? behind)
    {
        if (_propagator.IsFast(field))
            return EachLine(field, transmissions, (u, t, w) => _fastStacks.Value[w].Forward(u, t, behind?.Select(passage => passage.Lines[w].Kernel).ToArray()));
        if (field.dtype != transmissions.dtype)
            (field, transmissions) = (field.to(ScalarType.ComplexFloat64), transmissions.to(ScalarType.ComplexFloat64));
        var passages = behind ?? [.. _layers.Select(layer => _propagator.Over(layer.Distance))];
        return EachLine(field, transmissions, (u, t, w) => TorchStack.Apply(u, t, [.. passages.Select(passage => passage.Lines[w].OnWorkingPlane(u.device, u.dtype))]));
    }

    /// <summary>The way to the output plane with nothing in it: what free space alone does, each plane cut to the grid.</summary>
    /// <param name="field">complex64, [B, N, N], where the first mask would be.</param>
    public virtual Tensor WithoutMasks(Tensor field)
    {
        using var scope = NewDisposeScope();
        return _layers.Aggregate(field.alias(), (u, layer) => _propagator.Propagate(u, layer.Distance)).MoveToOuterDisposeScope();
    }

    /// <summary>The field at every plane: just before each mask, and at the output. Kept for pictures.</summary>
    /// <param name="input">complex64, [B, N, N] or [B, W, N, N], at the input plane.</param>
    public virtual IReadOnlyList<Tensor> Planes(Tensor input)
    {
        var planes = new List<Tensor> { ToFirstMask(input) };
        foreach (var layer in _layers)
            planes.Add(layer.forward(planes[^1]));
        return planes;
    }

    /// <summary>Tells the quantizers how far training is.</summary>
    /// <param name="progress">From 0 to 1.</param>
    /// <param name="seed">The step's own: what quantizers draw in it follows from it.</param>
    /// <param name="phaseSeed">The phase's own: what is drawn once for all of it follows from it.</param>
    public void SetProgress(double progress, long seed = 0, long phaseSeed = 0)
    {
        var masks = Masks.ToArray();
        foreach (var (layer, mask) in masks.Index())
        {
            var share = (mask.Relief as QuantizedRelief)?.SwitchOn?.Share(layer, masks.Length, progress) ?? 1;
            mask.Advance(new TrainingMoment(progress, Seeds.Derive(seed, "mask", layer), share, Seeds.Derive(phaseSeed, "mask", layer)));
        }
    }

    /// <summary>What is added to the loss for the sake of the quantizers' parameters; null where there is nothing.</summary>
    public Tensor? Penalty()
    {
        var penalties = Masks.Select(mask => mask.Quantizer?.Penalty()).OfType<Tensor>().ToArray();
        return penalties.Length == 0 ? null : stack(penalties).sum();
    }

    /// <summary>Moves positions that strayed back to where they mean a height; to be called after each optimizer step.</summary>
    public void Confine()
    {
        foreach (var mask in Masks)
            mask.Confine();
    }

    /// <summary>Through a stack of its own for each wavelength w, of field and transmissions of that wavelength.</summary>
    private Tensor EachLine(Tensor field, Tensor transmissions, Func<Tensor, Tensor, int, Tensor> through) => _propagator.Lines.Count == 1
        ? through(field, transmissions, 0)
        : stack(_propagator.Lines.Select((_, w) => through(field.select(1, w), transmissions.select(0, w), w)), dim: 1);
}
