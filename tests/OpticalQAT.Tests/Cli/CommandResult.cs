using System.Diagnostics;
using System.Text;
using System.Text.Json;
using NUnit.Framework;

namespace OpticalQAT.Tests.Cli;

/// <summary>The result of the program, run as its users run it.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Errors)
{
    private const int LongestMilliseconds = 240_000;

    /// <summary>Stdout as JSON; fails where there is anything else on it.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>Runs the program to its end.</summary>
    public static CommandResult Of(string folder, params string[] words) => Run(Prepare(folder, words), (_, _) => { });

    /// <summary>Runs the program to its end, without a libtorch that it could load.</summary>
    public static CommandResult WithoutLibTorch(string folder, params string[] words)
    {
        var start = Prepare(folder, words);
        start.Environment["OPTICALQAT_LIBTORCH"] = Path.Combine(folder, "no-such-folder");
        return Run(start, (_, _) => { });
    }

    /// <summary>Runs a program that lies elsewhere, with variables of its own (null: not set), to its end.</summary>
    public static CommandResult Of(string program, string folder, IReadOnlyDictionary<string, string?> environment, params string[] words)
    {
        var start = Prepare(folder, words);
        start.ArgumentList[0] = program;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Run(start, (_, _) => { });
    }

    /// <summary>Runs the program, and sends it a signal as soon as a line on stderr contains a text.</summary>
    public static CommandResult Interrupted(string folder, string signal, string atLineWith, params string[] words)
    {
        RequireHeard(signal);
        var isSent = false;
        return Run(Prepare(folder, words), (process, line) =>
        {
            if (isSent || !line.Contains(atLineWith, StringComparison.Ordinal))
                return;
            isSent = true;
            Send(process, signal);
        });
    }

    /// <summary>Runs the program from a shell script, in which it stands as <c>"$@"</c>: with other streams, limits or signals than a test gives it.</summary>
    public static CommandResult InShell(string folder, string script, params string[] words)
    {
        var program = Prepare(folder, words);
        var shell = Prepare(folder, []);
        (shell.FileName, string[] line) = ("/bin/bash", ["-c", script, "bash", program.FileName, .. program.ArgumentList]);
        shell.ArgumentList.Clear();
        foreach (var word in line)
            shell.ArgumentList.Add(word);
        return Run(shell, (_, _) => { });
    }

    /// <summary>Runs the program, and sends it a signal as soon as it listens to signals, which is before it does anything else. Linux tells of that in the process's status.</summary>
    public static CommandResult SignalledAtOnce(string folder, string signal, params string[] words)
    {
        RequireHeard(signal);
        return Run(Prepare(folder, words), (_, _) => { }, process =>
        {
            while (!process.HasExited && !IsAmong("SigCgt:", process.Id, UserSignal))
                Thread.Sleep(5);
            Send(process, signal);
        });
    }

    private const int HangUp = 1; // SIGHUP
    private const int UserSignal = 10; // SIGUSR1, for which .NET itself has no handler

    /// <summary>Under nohup the program is started with SIGHUP ignored, and leaves it so.</summary>
    private static void RequireHeard(string signal)
    {
        if (signal is "HUP" && IsAmong("SigIgn:", Environment.ProcessId, HangUp))
            Assert.Ignore("SIGHUP is ignored here, as it is under nohup.");
    }

    private static bool IsAmong(string signals, int process, int signal)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith(signals, StringComparison.Ordinal));
            return line is not null && (Convert.ToUInt64(line[signals.Length..].Trim(), 16) >> (signal - 1) & 1) == 1;
        }
        catch (IOException)
        {
            return false; // it has ended
        }
    }

    private static void Send(Process process, string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, $"{process.Id}"]);
        kill.WaitForExit();
    }

    private static ProcessStartInfo Prepare(string folder, string[] words)
    {
        var program = Path.Combine(TestContext.CurrentContext.TestDirectory, "OpticalQAT.Cli.dll");
        return new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) is "dotnet" ? host : "dotnet", [program, .. words])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
    }

    private static CommandResult Run(ProcessStartInfo start, Action<Process, string> watchErrors, Action<Process>? started = null)
    {
        var errors = new StringBuilder();
        using var process = new Process { StartInfo = start };
        process.ErrorDataReceived += (_, received) =>
        {
            if (received.Data is not { } line)
                return;
            errors.Append(line).Append('\n');
            watchErrors(process, line);
        };
        process.Start();
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEndAsync();
        started?.Invoke(process);
        if (!process.WaitForExit(LongestMilliseconds))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{string.Join(' ', start.ArgumentList)} did not end; stderr so far:\n{errors}");
        }
        process.WaitForExit();
        return new CommandResult(process.ExitCode, output.GetAwaiter().GetResult(), errors.ToString());
    }
}
