using System.Reflection;

namespace OpticalQAT.Tests.Cli;

/// <summary>The program run inside the tests' own process, which spares its start: for tests that run it many times.</summary>
internal static class InProcess
{
    private static readonly MethodInfo Main = Assembly.Load("OpticalQAT.Cli").EntryPoint!;

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
            return new CommandResult((int)Main.Invoke(null, [words])!, written.ToString(), said.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(errors);
            Environment.CurrentDirectory = here;
        }
    }
}
