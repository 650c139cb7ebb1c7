namespace OpticalQAT.Configuration;

/// <summary>A finding of an examination: an error, or a warning that does not stand in the way.</summary>
/// <param name="IsError">Whether the experiment cannot run at all.</param>
/// <param name="Key">The configuration key it is about.</param>
/// <param name="Message">What is wrong, with numbers, and the remedy.</param>
public sealed record Finding(bool IsError, string Key, string Message);
