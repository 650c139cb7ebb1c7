using System.Runtime.InteropServices;

namespace OpticalQAT.Cli;

/// <summary>
/// SIGINT, SIGTERM and SIGUSR1 (which schedulers send ahead of the end of a job) ask the run to stop at its next step
/// boundary. A second SIGINT ends the process at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private const int Signalled = 128;
    private const int Interrupt = 2;
    private const int Terminate = 15;

    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _exitCode;

    /// <summary>Listens from now on.</summary>
    public Interruption()
    {
        Listen(PosixSignal.SIGINT, Signalled + Interrupt);
        Listen(PosixSignal.SIGTERM, Signalled + Terminate);
        // .NET has no name for it; a raw signal number is accepted in its place.
        if (OperatingSystem.IsLinux())
            Listen((PosixSignal)10, Signalled + Terminate);
        else if (OperatingSystem.IsMacOS())
            Listen((PosixSignal)30, Signalled + Terminate);
    }

    /// <summary>Is cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>130 after SIGINT, 143 after the others.</summary>
    public int ExitCode => _exitCode;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Listen(PosixSignal signal, int exitCode) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        var isFirst = Interlocked.CompareExchange(ref _exitCode, exitCode, 0) == 0;
        context.Cancel = isFirst || signal != PosixSignal.SIGINT;
        if (isFirst)
            _source.Cancel();
    }));
}
