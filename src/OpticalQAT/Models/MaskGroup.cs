namespace OpticalQAT.Models;

/// <summary>Masks of like make, which are worked out together.</summary>
/// <param name="Relief">Their make.</param>
/// <param name="Layers">Their layers, counted from 0 in layer order.</param>
public sealed record MaskGroup(Relief Relief, IReadOnlyList<int> Layers);
