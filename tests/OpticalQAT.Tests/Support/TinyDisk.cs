using NUnit.Framework;
using OpticalQAT.Tests.Runtime;

namespace OpticalQAT.Tests.Support;

/// <summary>A file system of its own, of a few megabytes of memory, that can be full or read-only. Only root can mount one; for others the test is ignored.</summary>
internal sealed class TinyDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TinyDisk(int megabytes)
    {
        if (Mount("-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", _folder.Path))
            return;
        _folder.Dispose();
        Assert.Ignore("No file system can be mounted here.");
    }

    public string Path => _folder.Path;

    private string Filler => _folder.File("filler");

    /// <summary>Leaves no byte free.</summary>
    public void Fill()
    {
        using var stream = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            for (var block = new byte[4096]; ;)
                stream.Write(block);
        }
        catch (IOException)
        {
            // it is full
        }
    }

    /// <summary>Frees what was filled.</summary>
    public void Free() => File.Delete(Filler);

    public void MakeReadOnly() => Assert.That(Mount("-o", "remount,ro", _folder.Path));

    public void MakeWritable() => Assert.That(Mount("-o", "remount,rw", _folder.Path));

    public void Dispose()
    {
        Shell.Succeeds("umount", "-l", _folder.Path);
        _folder.Dispose();
    }

    private static bool Mount(params string[] words) => OperatingSystem.IsLinux() && Shell.Succeeds("mount", words);
}
