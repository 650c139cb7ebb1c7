namespace OpticalQAT.Runs;

/// <summary>The folder of a run cannot be used as asked for: the message says why, and what would help.</summary>
public sealed class RunDirectoryException(string message, Exception? inner = null) : Exception(message, inner);
