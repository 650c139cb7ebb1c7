using OpticalQAT.Cli;

namespace OpticalQAT.Tests.Cli;

/// <summary>The program run inside the tests' own process, which spares its start: for tests that run it many times. The console's writers are the tests'.</summary>
internal static class InProcess
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="folder">The folder that it runs in.</param>
    /// <param name="words">The command line.</param>
    public static CommandResult Run(string folder, params string[] words)
    {
        var (output, errors, here) = (Console.Out, Console.Error, Environment.CurrentDirectory);
        using var written = new StringWriter { NewLine = "\n" };
        using var said = new StringWriter { NewLine = "\n" };
        try
        {
            Environment.CurrentDirectory = folder;
            Console.SetOut(written);
            Console.SetError(said);
            return new CommandResult(CommandLine.Run(Commands.All(), words), written.ToString(), said.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(errors);
            Environment.CurrentDirectory = here;
        }
    }
}
