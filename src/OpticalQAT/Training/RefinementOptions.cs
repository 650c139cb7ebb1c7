using OpticalQAT.Configuration;

namespace OpticalQAT.Training;

/// <summary>
/// The last mile after training: single pixels are moved to another printable level, many at a time, and a set of moves
/// stays only if it lowers the training loss at hard levels.
/// </summary>
public sealed record RefinementOptions
{
    /// <summary>Rounds at most; it ends sooner where a round finds nothing that helps. A round takes about as long as two epochs.</summary>
    [AtLeast(1), AtMost(1_000_000)]
    public int Rounds { get; init; } = 10;

    /// <summary>Moves that are lined up in a round, the most promising first; of those the first half, quarter, … or all are made.</summary>
    [AtLeast(1), AtMost(4096)]
    public int Moves { get; init; } = 128;

    /// <summary>Training examples from which it is learnt how moves hinder each other. Fewer are quicker, and allow fewer moves in a round.</summary>
    [AtLeast(1), AtMost(100_000_000)]
    public int CurvatureExamples { get; init; } = 2000;

    /// <summary>Training examples on which sets of moves are tried, other ones in every round.</summary>
    [AtLeast(1), AtMost(100_000_000)]
    public int TrialExamples { get; init; } = 10_000;
}
