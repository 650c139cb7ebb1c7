using OpticalQAT.Training;

namespace OpticalQAT.Studies.Comparison;

/// <summary>An event of a comparison, for whoever watches it.</summary>
public abstract record ComparisonEvent;

/// <summary>A cell begins, or goes on.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Count">All cells, as far as is known.</param>
/// <param name="Title">Its title.</param>
/// <param name="Cell">The cell.</param>
public sealed record CellStarted(int Number, int Count, string Title, ComparisonCell Cell) : ComparisonEvent;

/// <summary>Something happened in the cell's run.</summary>
/// <param name="Happened">The event of the run.</param>
/// <param name="Share">The share of the whole comparison that is done, from 0 to 1.</param>
/// <param name="Left">The time that the rest will take; null before there is a pace.</param>
public sealed record CellProgress(TrainingEvent Happened, double Share, TimeSpan? Left) : ComparisonEvent;

/// <summary>A cell has come to its end in this process.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Count">All cells, as far as is known.</param>
/// <param name="Title">Its title.</param>
/// <param name="Result">Its score in words, or why it failed.</param>
/// <param name="Left">The time that the rest will take; null before there is a pace.</param>
public sealed record CellDone(int Number, int Count, string Title, string Result, TimeSpan? Left) : ComparisonEvent;

/// <summary>A sentence worth reading.</summary>
public sealed record ComparisonNoted(string Message) : ComparisonEvent;
