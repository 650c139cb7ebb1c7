using NUnit.Framework;
using OpticalQAT.Runtime;

namespace OpticalQAT.Tests.Runtime;

[Platform("Linux")]
public class CompatibleCopyTests
{
    private const string UnusedVersion = "GLIBCXX_3.4.32";

    private static string Original => LibraryLocator.ForApplication().Find("LibTorchSharp")!;

    [Test]
    public void Exactly_the_unused_need_is_found()
    {
        var needs = ElfVersionNeeds.Read(File.ReadAllBytes(Original)).All;
        Assert.That(needs.Where(n => !n.IsUsed).Select(n => (n.File, n.Name)), Is.EqualTo(new[] { ("libstdc++.so.6", UnusedVersion) }));
        Assert.That(needs, Has.Count.GreaterThan(10));
        Assert.That(needs.Select(n => n.Name), Does.Contain("GLIBC_2.34").And.Contain("GLIBCXX_3.4.29"));
    }

    [Test]
    public void The_copy_differs_in_one_flag()
    {
        var original = File.ReadAllBytes(Original);
        var (copy, weakened) = ElfVersionNeeds.Read(original).WeakenUnused();
        var changed = Enumerable.Range(0, original.Length).Where(i => copy[i] != original[i]).ToArray();
        Assert.That(changed, Is.EqualTo(new[] { weakened.Single().FlagsOffset }));
        Assert.That(ElfVersionNeeds.Read(copy).WeakenUnused().Weakened, Is.Empty);
    }

    [Test]
    public void It_is_written_beside_the_original_once_and_never_through_a_link()
    {
        using var folder = new TemporaryFolder();
        var original = Link(folder);
        var before = File.ReadAllBytes(Original);
        var copy = CompatibleCopy.Make(original, folder.Path, folder.File("cache"));
        Assert.That(Path.GetDirectoryName(copy.Path), Is.EqualTo(folder.Path));
        Assert.That(copy.Weakened, Is.EqualTo(new[] { UnusedVersion }));

        var stamp = DateTime.UnixEpoch.AddYears(30);
        File.SetLastWriteTimeUtc(copy.Path, stamp);
        CompatibleCopy.Make(original, folder.Path, folder.File("cache"));
        Assert.That(File.GetLastWriteTimeUtc(copy.Path), Is.EqualTo(stamp), "the copy was written again");
        Assert.That(File.ReadAllBytes(Original).AsSpan().SequenceEqual(before), "the original was changed");
    }

    [Test]
    public void A_damaged_copy_is_replaced()
    {
        using var folder = new TemporaryFolder();
        var original = Link(folder);
        var copy = CompatibleCopy.Make(original, folder.Path, folder.File("cache")).Path;
        var whole = File.ReadAllBytes(copy);
        File.WriteAllBytes(copy, whole[..1000]);
        CompatibleCopy.Make(original, folder.Path, folder.File("cache"));
        Assert.That(File.ReadAllBytes(copy).AsSpan().SequenceEqual(whole));
    }

    [Test]
    public void Outside_the_application_it_goes_to_the_cache()
    {
        using var folder = new TemporaryFolder();
        var original = Link(folder);
        var copy = CompatibleCopy.Make(original, folder.File("application"), folder.File("cache"));
        Assert.That(copy.Path, Does.StartWith(folder.File("cache") + "/"));
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo(new[] { original }));
    }

    [Test]
    public void Many_first_starts_at_once_leave_one_whole_copy()
    {
        using var folder = new TemporaryFolder();
        var original = Link(folder);
        var expected = ElfVersionNeeds.Read(File.ReadAllBytes(original)).WeakenUnused().Image;
        Parallel.For(0, 8, _ =>
        {
            var path = CompatibleCopy.Make(original, folder.Path, folder.File("cache")).Path;
            Assert.That(File.ReadAllBytes(path).AsSpan().SequenceEqual(expected));
        });
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(2));
    }

    [Test]
    public void Where_no_folder_takes_it_both_are_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("cache"), "a file where the folder should be");
        Assert.That(
            () => CompatibleCopy.Make(Link(folder), folder.File("application"), folder.File("cache")),
            Throws.TypeOf<IOException>().With.Message.Contains(folder.File("cache")));
    }

    [TestCase(0)]
    [TestCase(64)]
    [TestCase(2000)]
    [TestCase(200_000)]
    public void Truncated_libraries_are_refused(int length) =>
        Assert.That(() => ElfVersionNeeds.Read(File.ReadAllBytes(Original)[..length]), Throws.TypeOf<InvalidDataException>());

    [Test]
    public void Other_files_are_refused() =>
        Assert.That(() => ElfVersionNeeds.Read(new byte[4096]), Throws.TypeOf<InvalidDataException>());

    private static string Link(TemporaryFolder folder)
    {
        var link = folder.File("libLibTorchSharp.so");
        File.CreateSymbolicLink(link, Original);
        return link;
    }
}
