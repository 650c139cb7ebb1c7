using OpticalQAT.Runtime;

namespace OpticalQAT.Cli;

/// <summary>.NET keeps a file open for every part of the program that it loads, and where it may open no more it ends the process with a stack.</summary>
internal static class OpenFiles
{
    /// <summary>A training holds 110 at once, its report included.</summary>
    private const int Needed = 128;

    /// <summary>Says on stderr, where too few files may be open at once, how many it takes.</summary>
    /// <returns>Whether there are enough.</returns>
    public static bool AreEnough()
    {
        if (ResourceLimits.OpenFiles is not (< Needed and var limit))
            return true;
        Screen.Note($"Only {limit} files may be open at once here, and the program needs {Needed}. Raise the limit in the shell that starts it: ulimit -n 1024");
        return false;
    }
}
