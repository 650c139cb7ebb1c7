namespace OpticalQAT.Cli;

/// <summary>A result cannot be written to stdout; the message says why, and what is kept of it elsewhere.</summary>
internal sealed class OutputException : IOException
{
    private readonly string _reason;
    private readonly bool _isReaderGone;
    private readonly bool _isKept;

    /// <summary>A failure of stdout.</summary>
    /// <param name="reason">The reason, without a full stop.</param>
    /// <param name="isReaderGone">Whether it was a pipe whose reader has had enough, as <c>head</c> has.</param>
    /// <param name="kept">A sentence on what is kept elsewhere; null where there is nothing to keep.</param>
    public OutputException(string reason, bool isReaderGone, string? kept = null)
        : base($"The result cannot be written to stdout: {reason}.{(kept is null ? string.Empty : " " + kept)}") =>
        (_reason, _isReaderGone, _isKept) = (reason, isReaderGone, kept is not null);

    /// <summary>Whether there is nothing to say: who closed the pipe knows it, and misses nothing.</summary>
    public bool IsUnremarkable => _isReaderGone && !_isKept;

    /// <summary>The same, with what is kept elsewhere.</summary>
    public OutputException Keeping(string kept) => new(_reason, _isReaderGone, kept);
}
