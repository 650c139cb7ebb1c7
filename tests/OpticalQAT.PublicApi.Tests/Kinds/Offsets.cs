using OpticalQAT.Configuration;
using OpticalQAT.Tasks;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace OpticalQAT.PublicApi.Tests.Kinds;

/// <summary>Electronics that favour classes: a learnt offset for each score, 0 at the start.</summary>
[Kind("offsets")]
public sealed record Offsets : ReadoutKind
{
    /// <inheritdoc/>
    public override Readout Build(int regions, int classes) => new LearntOffsets(classes);

    private sealed class LearntOffsets : Readout
    {
        [ComponentName(Name = "offsets")]
        private readonly Parameter _offsets;

        public LearntOffsets(int classes) : base(nameof(LearntOffsets))
        {
            _offsets = new Parameter(zeros(classes));
            _offsets.DetachFromDisposeScope();
            RegisterComponents();
        }

        public override Tensor forward(Tensor powers) => _offsets.expand(powers.shape[0], -1);
    }
}
