using NUnit.Framework;
using OpticalQAT.Formats;
using OpticalQAT.Tests.Runtime;

namespace OpticalQAT.Tests.Formats;

public class AtomicFileTests
{
    [Test]
    public void It_replaces_the_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a");
        AtomicFile.Write(path, "first, and longer");
        AtomicFile.Write(path, "second");
        Assert.That(File.ReadAllBytes(path), Is.EqualTo("second"u8.ToArray()));
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo(new[] { path }));
    }

    [Test]
    public void A_failure_leaves_the_old_file_and_nothing_beside_it()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a");
        AtomicFile.Write(path, "old");
        Assert.That(
            () => AtomicFile.Write(path, stream =>
            {
                stream.WriteByte(1);
                throw new IOException("the disk is full");
            }),
            Throws.TypeOf<IOException>());
        Assert.That(File.ReadAllText(path), Is.EqualTo("old"));
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo(new[] { path }));
    }

    [Test]
    public void A_reader_never_sees_a_part()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a");
        AtomicFile.Write(path, new string('0', 100_000));
        var writer = Task.Run(() =>
        {
            for (var i = 1; i < 30; i++)
                AtomicFile.Write(path, new string((char)('0' + i % 10), 100_000));
        });
        while (!writer.IsCompleted)
        {
            var text = File.ReadAllText(path);
            Assert.That(text, Has.Length.EqualTo(100_000));
            Assert.That(text.AsSpan().IndexOfAnyExcept(text[0]), Is.EqualTo(-1));
        }
        Assert.That(writer.IsCompletedSuccessfully);
    }
}
