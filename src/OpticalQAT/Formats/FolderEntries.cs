using System.Runtime.InteropServices;

namespace OpticalQAT.Formats;

/// <summary>The names that stand in a folder, on the disk.</summary>
internal static class FolderEntries
{
    private const int InputOutputError = 5; // EIO

    /// <summary>
    /// Flushes a folder to the disk: after a power cut a renamed file may otherwise be found under its old name, although
    /// its content was flushed. Windows does so by itself, and file systems that cannot are left alone.
    /// </summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(folder, flags: 0); // .NET itself opens no folders
        if (descriptor < 0)
            return;
        var failed = FlushToDisk(descriptor) != 0 && Marshal.GetLastPInvokeError() == InputOutputError;
        _ = Close(descriptor);
        if (failed)
            throw new IOException($"{folder}: the disk failed to write the folder.");
    }

    [DllImport("libc", EntryPoint = "open")]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int FlushToDisk(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
