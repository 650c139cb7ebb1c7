using OpticalQAT.Configuration;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OpticalQAT.Training;

/// <summary>The optimizer, which moves the parameters down the gradient.</summary>
[Family("optimizer")]
public abstract record OptimizerKind : Variant
{
    /// <summary>The learning rate that the phase's schedule multiplies: positions move by about this much in a step, in level units, or in radians of delay in full precision.</summary>
    [AtLeast(1e-12), AtMost(1e6)]
    public double LearningRate { get; init; } = 0.01;

    /// <summary>A new optimizer over the parameters.</summary>
    public abstract OptimizerHelper Build(IEnumerable<Parameter> parameters);
}

/// <summary>The keys that Adam and AdamW share: steps scaled by running means of the gradients and of their squares.</summary>
public abstract record AdaptiveMoments : OptimizerKind, IChecked
{
    private const double MostRate = 1000;

    /// <summary>The decay of the gradients' running mean.</summary>
    [AtLeast(0), Below(1)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>The decay of the squared gradients' running mean.</summary>
    [AtLeast(0), Below(1)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the denominator.</summary>
    [AtLeast(1e-30), AtMost(1)]
    public double Epsilon { get; init; } = 1e-8;

    /// <inheritdoc/>
    public IEnumerable<Problem> Check()
    {
        if (LearningRate > MostRate)
            yield return new Problem("learning_rate", $"'learning_rate' must be at most {MostRate} for {KindNames.Of(this)}, but is {LearningRate}: in a step each height moves by about as many levels, however small its gradient is; for example 0.05");
        if (this is AdamWOptimizer { WeightDecay: var decay } && LearningRate * decay > 1)
            yield return new Problem("weight_decay", $"a position loses learning_rate times weight_decay of itself in a step, which is {LearningRate * decay}, more than all of it; for example a weight_decay of 0.01");
    }
}

/// <summary>Adam (Kingma &amp; Ba, arXiv 1412.6980).</summary>
[Kind("adam")]
public sealed record AdamOptimizer : AdaptiveMoments
{
    /// <inheritdoc/>
    public override OptimizerHelper Build(IEnumerable<Parameter> parameters) =>
        optim.Adam(parameters, LearningRate, Beta1, Beta2, Epsilon);
}

/// <summary>Adam with weight decay apart from the gradient (Loshchilov &amp; Hutter, arXiv 1711.05101).</summary>
[Kind("adamw")]
public sealed record AdamWOptimizer : AdaptiveMoments
{
    /// <summary>The share of itself that a position loses in a step, times the learning rate.</summary>
    [AtLeast(0), AtMost(10)]
    public double WeightDecay { get; init; } = 0.01;

    /// <inheritdoc/>
    public override OptimizerHelper Build(IEnumerable<Parameter> parameters) =>
        optim.AdamW(parameters, LearningRate, Beta1, Beta2, Epsilon, WeightDecay);
}

/// <summary>Stochastic gradient descent, with momentum where asked for.</summary>
[Kind("sgd")]
public sealed record SgdOptimizer : OptimizerKind
{
    /// <summary>The share of the last step that goes into the next.</summary>
    [AtLeast(0), Below(1)]
    public double Momentum { get; init; }

    /// <inheritdoc/>
    public override OptimizerHelper Build(IEnumerable<Parameter> parameters) =>
        optim.SGD(parameters, LearningRate, Momentum);
}
