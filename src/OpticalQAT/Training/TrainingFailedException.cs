namespace OpticalQAT.Training;

/// <summary>A run cannot go on. The message says at which step and layer, and what usually helps.</summary>
public sealed class TrainingFailedException(string message) : Exception(message);
