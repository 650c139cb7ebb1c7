namespace OpticalQAT.Training;

/// <summary>A run cannot go on. The message says where it was and what usually helps.</summary>
public sealed class TrainingFailedException(string message, Exception? inner = null) : Exception(message, inner);
