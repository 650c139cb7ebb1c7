using OpticalQAT.Formats;

namespace OpticalQAT.Runs;

/// <summary>
/// Keeps a second process out of a run. The operating system holds the lock and lets go of it when the process ends,
/// however it ends, so a lock is never left behind.
/// </summary>
public sealed class RunLock : IDisposable
{
    private readonly FileStream _held;
    private readonly string _ownerFile;

    private RunLock(FileStream held, string ownerFile) => (_held, _ownerFile) = (held, ownerFile);

    /// <summary>Locks a run, and clears away what a process that was killed has left half-written in it.</summary>
    /// <exception cref="RunDirectoryException">Another process works on the run, or its folder cannot be written to.</exception>
    public static RunLock Take(RunDirectory run)
    {
        var ownerFile = run.LockFile + ".owner"; // beside the lock: a locked file cannot be read
        FileStream? held = null;
        try
        {
            held = new FileStream(run.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            AtomicFile.DeleteLeftovers(run.Path);
            AtomicFile.Write(ownerFile, $"process {Environment.ProcessId} on {Environment.MachineName}");
            return new RunLock(held, ownerFile);
        }
        catch (IOException taken) when (IsLockedByAnother(taken))
        {
            throw new RunDirectoryException($"{run.Path}: {OwnerIn(ownerFile)} is working on this run; wait until it ends, or stop it, before you resume the run.", taken);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            held?.Dispose();
            throw new RunDirectoryException($"{run.Path}: the run's folder cannot be written to ({unwritable.Message}).", unwritable);
        }
    }

    /// <summary>Lets other processes in. The file that is locked stays: deleting it could give the lock to two.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(_ownerFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // the folder is gone; so is the file
        }
        _held.Dispose();
    }

    // EWOULDBLOCK of Linux and macOS; a sharing violation of Windows.
    private static bool IsLockedByAnother(IOException e) => (e.HResult & 0xffff) is 11 or 35 or 32;

    private static string OwnerIn(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}
