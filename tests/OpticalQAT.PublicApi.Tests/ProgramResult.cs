using System.Diagnostics;

namespace OpticalQAT.PublicApi.Tests;

/// <summary>The result of a program.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs <c>dotnet</c> to its end.</summary>
    /// <param name="folder">Where it is run.</param>
    /// <param name="words">Its command line.</param>
    public static async Task<ProgramResult> OfDotnet(string folder, params string[] words)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) is "dotnet" ? host : "dotnet", words)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Of this run of tests alone: no server of builds is left behind, and nothing of the tests' own build is taken over.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new ProgramResult(process.ExitCode, await output, await errors);
    }
}
