using OpticalQAT.Configuration;
using OpticalQAT.Schedules;
using static TorchSharp.torch;

namespace OpticalQAT.Quantization;

/// <summary>
/// Gumbel-softmax (Jang et al., arXiv 1611.01144; Maddison et al., arXiv 1611.00712): every pixel has a logit for every
/// level. Forward a level is drawn, argmax of logits + noise; backward the slope is that of softmax((logits + noise)/τ).
/// What is printed is the level of the largest logit. Cost and memory grow with the number of levels.
/// </summary>
[Kind("gumbel_softmax")]
public sealed record GumbelSoftmax : QuantizerKind
{
    /// <summary>A pixel's logits are not kept apart from its levels beyond this many bytes without a warning.</summary>
    private const long MuchMemory = 1L << 30;

    /// <summary>τ, the temperature of the softmax that the slope is taken of.</summary>
    [AtLeast(1e-3), AtMost(1000)]
    public Schedule Temperature { get; init; } = new Exponential { From = 2, To = 0.5 };

    /// <summary>The strength of the Gumbel noise: 1 draws each level with its softmax probability, as published; 0 takes the largest logit.</summary>
    [AtLeast(0), AtMost(1000)]
    public Schedule Noise { get; init; } = new Linear { From = 1, To = 0 };

    /// <summary>The distance between the logits of neighbouring levels at the start: the logit of a level is minus this times its squared distance from the pixel's position.</summary>
    [AtLeast(1e-9), AtMost(1e6)]
    public double Sharpness { get; init; } = 1;

    /// <summary>The rate at which logits move: a step of the positions' learning rate r moves them by about rate·r.</summary>
    [AtLeast(1e-9), AtMost(1e6)]
    public double Rate { get; init; } = 3;

    /// <inheritdoc/>
    public override bool LearnsPositions => false;

    /// <inheritdoc/>
    public override Quantizer Build(LevelTable levels, Tensor positions) => new DrawnIndex(levels, this, positions);

    /// <inheritdoc/>
    public override int NumbersPerPixel(LevelTable levels) => levels.Count;

    /// <inheritdoc/>
    public override IEnumerable<QuantizerRemark> Examine(LevelTable levels, long pixels)
    {
        // logits, their gradient, two moments of the optimizer; noise, weights and their gradients in a step
        var bytes = 8L * sizeof(float) * levels.Count * pixels;
        if (levels.Count >= 256 || bytes > MuchMemory)
        {
            yield return new QuantizerRemark(false, "kind",
                $"gumbel_softmax keeps a logit for each of {levels.Count} levels of each pixel, about {bytes / (1 << 20)} MiB with what a step works in, and its time grows in the same way; at so many levels rounding loses little: straight_through costs the same at any number");
        }
    }

    private sealed class DrawnIndex : Quantizer
    {
        private const string Name = "logits";

        private readonly GumbelSoftmax _options;

        public DrawnIndex(LevelTable levels, GumbelSoftmax options, Tensor positions) : base(levels, (int)positions.shape[0])
        {
            _options = options;
            using var scope = NewDisposeScope();
            var level = arange(levels.Count, dtype: positions.dtype, device: positions.device).view([1, -1, .. Enumerable.Repeat(1L, (int)positions.dim() - 1)]);
            var distance = positions.detach().unsqueeze(1) - level;
            if (Levels.Closes)
                distance -= (distance / levels.Count).round() * levels.Count;
            var logits = new TorchSharp.Modules.Parameter(distance.square() * (-options.Sharpness / options.Rate));
            logits.DetachFromDisposeScope();
            register_parameter(Name, logits);
        }

        public override TrainingForward Forward => TrainingForward.Drawn;

        public override bool LearnsPositions => false;

        public override SoftIndex Soften(Tensor positions)
        {
            using var scope = NewDisposeScope();
            var (temperature, strength) = (_options.Temperature.At(Moment.Progress), _options.Noise.At(Moment.Progress));
            var logits = Logits * (_options.Rate / temperature);
            if (strength > 0)
                logits.add_(Draw(logits), -strength / temperature);
            // max is five times as quick as argmax over a dimension that is not the last; both take the first of equal ones.
            return new WeightedIndex(logits.softmax(1), logits.detach().max(1).indexes).MoveToOuterDisposeScope();
        }

        public override Tensor Printed(Tensor positions)
        {
            using var scope = NewDisposeScope();
            return Logits.detach().max(1).indexes.to(positions.dtype).MoveToOuterDisposeScope();
        }

        private TorchSharp.Modules.Parameter Logits => get_parameter(Name)!;

        /// <summary>Gumbel noise with the opposite sign, ln(-ln u), each mask's from its own seed of this step.</summary>
        private Tensor Draw(Tensor logits)
        {
            using var scope = NewDisposeScope();
            var noise = empty_like(logits, requires_grad: false);
            for (var mask = 0; mask < MaskCount; mask++)
            {
                using var generator = new Generator((ulong)Moment.Of(mask).Seed, logits.device);
                noise[mask].uniform_(0, 1, generator);
            }
            return noise.log_().neg_().log_().MoveToOuterDisposeScope();
        }
    }
}
