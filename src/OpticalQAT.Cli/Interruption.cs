using System.Runtime.InteropServices;

namespace OpticalQAT.Cli;

/// <summary>
/// SIGINT, SIGTERM, SIGHUP and SIGUSR1 (which schedulers send ahead of the end of a job) ask the work to stop: while data
/// are read or made, and in a run at its next step boundary. A second SIGINT ends the process at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private const int Signalled = 128;
    private const int HangUp = 1, Interrupt = 2, Terminate = 15;
    private const nint DefaultAction = 0, Ignored = 1; // SIG_DFL, SIG_IGN
    private const int LongestAction = 256; // bytes; longer than the struct sigaction of any system, which begins with the handler

    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _exitCode;

    /// <summary>Listens from now on.</summary>
    private Interruption()
    {
        // A shell lets its background jobs ignore SIGINT, and .NET leaves an ignored signal ignored. Nobody asked for that;
        // with SIGHUP somebody did, by nohup, and it stays as it is.
        if (!OperatingSystem.IsWindows() && IsIgnored(Interrupt))
            _ = SetHandler(Interrupt, DefaultAction);
        Listen(PosixSignal.SIGINT, Signalled + Interrupt);
        Listen(PosixSignal.SIGTERM, Signalled + Terminate);
        Listen(PosixSignal.SIGHUP, Signalled + HangUp);
        // .NET has no name for SIGUSR1; a raw signal number is accepted in its place.
        if (OperatingSystem.IsLinux())
            Listen((PosixSignal)10, Signalled + Terminate);
        else if (OperatingSystem.IsMacOS())
            Listen((PosixSignal)30, Signalled + Terminate);
    }

    /// <summary>Is cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The sentence for stderr on an interruption: what is kept, and how to continue.</summary>
    public string Sentence { get; set; } = "Interrupted; nothing was begun, and nothing is left behind.";

    /// <summary>Does what may take long, and ends it where a signal asks for it.</summary>
    /// <param name="work">Given the token to watch; sets the sentence as soon as there is something to keep.</param>
    /// <returns>The exit code: that of the work, or 130 after SIGINT, 129 after SIGHUP, 143 after the others.</returns>
    public static int Guard(Func<Interruption, int> work)
    {
        using var interruption = new Interruption();
        try
        {
            return work(interruption);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            Screen.Note(interruption.Sentence);
            return interruption._exitCode;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        // The source is not disposed of: a signal that is just being heard still cancels it.
    }

    private void Listen(PosixSignal signal, int exitCode) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        var isFirst = Interlocked.CompareExchange(ref _exitCode, exitCode, 0) == 0;
        context.Cancel = isFirst || signal != PosixSignal.SIGINT;
        if (isFirst)
            _source.Cancel();
    }));

    private static bool IsIgnored(int signal)
    {
        Span<byte> action = stackalloc byte[LongestAction];
        return GetAction(signal, next: 0, ref MemoryMarshal.GetReference(action)) == 0 && MemoryMarshal.Read<nint>(action) == Ignored;
    }

    [DllImport("libc", EntryPoint = "sigaction")]
    private static extern int GetAction(int signal, nint next, ref byte action);

    [DllImport("libc", EntryPoint = "signal")]
    private static extern nint SetHandler(int signal, nint handler);
}
