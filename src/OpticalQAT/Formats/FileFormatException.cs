namespace OpticalQAT.Formats;

/// <summary>A file is not what its format says: names the file, what is wrong, and how to mend it where that is known.</summary>
public sealed class FileFormatException : Exception
{
    public FileFormatException()
    {
    }

    public FileFormatException(string message)
        : base(message)
    {
    }

    public FileFormatException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <param name="path">The file.</param>
    /// <param name="problem">The fault, as a sentence.</param>
    /// <param name="innerException">The exception that found it, if one did.</param>
    public FileFormatException(string path, string problem, Exception? innerException = null)
        : base($"{path}: {problem}", innerException) => Path = path;

    /// <summary>The file; null where the bytes came from elsewhere.</summary>
    public string? Path { get; }
}
