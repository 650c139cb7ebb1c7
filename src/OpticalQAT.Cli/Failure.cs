using System.CommandLine;
using System.Text.RegularExpressions;
using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Formats;
using OpticalQAT.Runs;
using OpticalQAT.Runtime;
using OpticalQAT.Training;

namespace OpticalQAT.Cli;

/// <summary>The exit codes that scripts go by.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int CheckFailed = 3;
}

/// <summary>The command is wrong; the message says how and what would be right.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The one place where exceptions become exit codes.</summary>
internal static partial class Failure
{
    private const int TooManyOpenFiles = 24; // EMFILE

    /// <summary>Asks for the stack beside the sentence.</summary>
    public static Option<bool> Verbose { get; } = new("--verbose") { Description = "Where something fails, print the stack as well.", Recursive = true };

    /// <summary>Says on stderr what went wrong.</summary>
    /// <returns>The exit code.</returns>
    public static int Report(Exception failure, bool verbose)
    {
        var code = CodeOf(failure);
        if (failure is OutputException { IsUnremarkable: true })
            return code;
        Console.Error.WriteLine(Sentence(failure));
        if (verbose)
            Console.Error.WriteLine(failure);
        else if (!IsExplained(failure) && !MemoryShortage.Caused(failure))
            Console.Error.WriteLine("The option --verbose shows where it happened.");
        return code;
    }

    private static string Sentence(Exception failure)
    {
        if (IsExplained(failure))
            return failure is IOException { HResult: TooManyOpenFiles } ? $"{failure.Message.TrimEnd('.')}: raise the limit in the shell that starts the program, ulimit -n 1024" : failure.Message;
        return MemoryShortage.Caused(failure)
            ? MemoryException.Words(failure, experiment: null, examples: null)
            : $"Unexpected {failure.GetType().Name}: {FramesOfLibTorch().Replace(failure.Message, string.Empty)}";
    }

    private static int CodeOf(Exception failure) => failure switch
    {
        UsageException or ConfigurationException or DataException or FileFormatException or RunDirectoryException => ExitCode.Usage,
        FileNotFoundException or DirectoryNotFoundException => ExitCode.Usage,
        _ => ExitCode.Failed,
    };

    /// <summary>Whether the message alone tells a person what to do.</summary>
    private static bool IsExplained(Exception failure) =>
        CodeOf(failure) == ExitCode.Usage || failure is TrainingFailedException or MemoryException or NativeRuntimeException or IOException or UnauthorizedAccessException;

    /// <summary>libtorch puts its own stack into its messages.</summary>
    [GeneratedRegex(@"\s*(Exception raised from |frame #0: ).*", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FramesOfLibTorch();
}
