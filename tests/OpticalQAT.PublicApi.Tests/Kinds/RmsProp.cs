using OpticalQAT.Configuration;
using OpticalQAT.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OpticalQAT.PublicApi.Tests.Kinds;

/// <summary>RMSProp: steps scaled by a running mean of the squared gradients.</summary>
[Kind("rms_prop")]
public sealed record RmsProp : OptimizerKind
{
    /// <inheritdoc/>
    public override OptimizerHelper Build(IEnumerable<Parameter> parameters) => optim.RMSProp(parameters, LearningRate);
}
