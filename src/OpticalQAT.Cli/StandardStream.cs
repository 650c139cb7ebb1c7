using System.Runtime.InteropServices;
using System.Text;

namespace OpticalQAT.Cli;

/// <summary>
/// stdout or stderr as the program was started with, which may be full, closed, or a pipe that nobody reads any more.
/// On stderr stands what a run says while it goes: what cannot be written there is dropped, and the run goes on. What
/// cannot be written to stdout is a result that somebody waits for, and an <see cref="OutputException"/>.
/// </summary>
/// <remarks>
/// .NET's own streams end the process where stderr fails, and hide that nobody reads stdout. Where a descriptor was
/// closed, the first file that the process opens gets its number, and .NET's streams write into that.
/// </remarks>
internal sealed class StandardStream : Stream
{
    private const int Output = 1, Errors = 2;
    private const int GetFlags = 1, CloseOnExecution = 1; // F_GETFD, FD_CLOEXEC
    private const int WriteOnly = 1; // O_WRONLY
    private const int Interrupted = 4, ReaderGone = 32; // EINTR, EPIPE
    private const int Patience = 10; // ms between two tries

    private readonly int _descriptor;
    private readonly bool _isClosed;

    private StandardStream(int descriptor) => (_descriptor, _isClosed) = (descriptor, !IsInherited(descriptor));

    /// <summary>Lets the console write through these streams from now on. It comes before everything that opens a file.</summary>
    public static void Guard()
    {
        if (OperatingSystem.IsWindows())
            return;
        var (output, errors) = (new StandardStream(Output), new StandardStream(Errors));
        while (Open("/dev/null", WriteOnly) is >= 0 and var free)
        {
            // The lowest numbers that are free are given first. Those of closed streams stay taken: a library that
            // writes to stderr by itself would write into some file of the run.
            if (free <= Errors)
                continue;
            _ = Close(free);
            break;
        }
        Console.SetOut(Writer(output));
        Console.SetError(Writer(errors));
    }

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_isClosed)
        {
            Fail("it is closed", isReaderGone: false);
            return;
        }
        while (!buffer.IsEmpty)
        {
            var written = Write(_descriptor, in MemoryMarshal.GetReference(buffer), buffer.Length);
            if (written >= 0)
                buffer = buffer[(int)written..];
            else if (Marshal.GetLastPInvokeError() is var error && error == Blocks)
                Thread.Sleep(Patience); // whoever gave us the pipe made it one that does not wait
            else if (error != Interrupted)
            {
                Fail(Marshal.GetPInvokeErrorMessage(error), error == ReaderGone);
                return;
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    public override void Flush() { }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    private static int Blocks => OperatingSystem.IsLinux() ? 11 : 35; // EAGAIN

    private void Fail(string reason, bool isReaderGone)
    {
        if (_descriptor == Output)
            throw new OutputException(reason, isReaderGone);
    }

    // What was handed down survived an exec; all that .NET opens for itself is closed by one.
    private static bool IsInherited(int descriptor) => Control(descriptor, GetFlags) is >= 0 and var flags && (flags & CloseOnExecution) == 0;

    private static StreamWriter Writer(Stream stream)
    {
        var encoding = Console.OutputEncoding is UTF8Encoding ? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) : Console.OutputEncoding;
        return new StreamWriter(stream, encoding) { AutoFlush = true };
    }

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    private static extern nint Write(int descriptor, in byte first, nint count);

    [DllImport("libc", EntryPoint = "fcntl")]
    private static extern int Control(int descriptor, int command);

    [DllImport("libc", EntryPoint = "open")]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
