using OpticalQAT.Optics;

namespace OpticalQAT.Models;

/// <summary>A stack of printed masks with free space before, between and behind them.</summary>
/// <param name="propagator">What carries the light.</param>
/// <param name="inputDistance">From the input plane to the first mask, in metres.</param>
/// <param name="layers">The masks, each with the distance behind it.</param>
public sealed class DiffractiveNetwork(Propagator propagator, double inputDistance, IEnumerable<DiffractiveLayer> layers) : OpticalModel(propagator, inputDistance, layers);
