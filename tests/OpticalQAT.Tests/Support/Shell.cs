using System.Diagnostics;

namespace OpticalQAT.Tests.Support;

/// <summary>The system's own commands.</summary>
internal static class Shell
{
    /// <summary>Runs a command; false where it fails, or there is none of that name.</summary>
    public static bool Succeeds(string program, params string[] words)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, words) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
