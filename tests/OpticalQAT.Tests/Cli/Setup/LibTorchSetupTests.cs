using System.Security.Cryptography;
using System.Text;
using NuGet.Packaging.Core;
using NuGet.Versioning;
using NUnit.Framework;
using OpticalQAT.Cli.Setup;
using OpticalQAT.Runtime;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Support;

namespace OpticalQAT.Tests.Cli.Setup;

/// <summary>Fetching libtorch, from a source of made-up packages on this machine.</summary>
public sealed class LibTorchSetupTests
{
    private const string Platform = "linux-x64";
    private static readonly byte[] Library = FakePackage.Noise(2_000_000, seed: 1);

    private static readonly FakePackage Whole = new("libtorch-cpu-linux-x64", "2.10.0",
    [
        ("runtimes/linux-x64/native/libtorch_cpu.so", Library),
        ("runtimes/win-x64/native/torch_cpu.dll", [1]),
        ("LICENSE-LIBTORCH.txt", [2]),
        ("buildTransitive/netstandard2.0/libtorch.props", [3]),
    ]);

    private TemporaryFolder _home = null!;

    private string Target => _home.File("cache/libtorch/2.10.0-cpu-linux-x64");

    [SetUp]
    public void MakeHome() => _home = new TemporaryFolder();

    [TearDown]
    public void RemoveHome() => _home.Dispose();

    [Test]
    public async Task The_libraries_of_the_platform_come_and_nothing_is_left_behind()
    {
        using var feed = new FakeFeed(Whole);
        var result = await RunAsync(feed, Whole);

        Assert.That(result.WasThere, Is.False);
        Assert.That(result.Packages.Select(p => (p.Package.Id, p.Source, p.Bytes)), Is.EqualTo(new[] { ("libtorch-cpu-linux-x64", $"feed [{feed.Address}]", (long)Whole.ToBytes().Length) }));
        Assert.That(FilesBelow(Target), Is.EqualTo((string[])["LICENSE-LIBTORCH.txt", "libtorch_cpu.so"]));
        Assert.That(File.ReadAllBytes(Path.Combine(Target, "libtorch_cpu.so")), Is.EqualTo(Library));
        Assert.That(FilesBelow(_home.File("cache/libtorch")).Where(file => !file.StartsWith("2.10.0-cpu-linux-x64/", StringComparison.Ordinal)), Is.EqualTo((string[])["2.10.0-cpu-linux-x64.lock"]));
        Assert.That((await RunAsync(feed, Whole)).WasThere, "what is there is not fetched again");
        Assert.That(feed.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_download_that_breaks_off_goes_on_where_it_was()
    {
        using var feed = new FakeFeed(Whole) { BreaksOffAfter = 700_000 };
        await RunAsync(feed, Whole);

        Assert.That(feed.Requests, Has.Count.GreaterThanOrEqualTo(3).And.Ordered.And.Unique);
        Assert.That(feed.Requests.First(), Is.Zero);
        Assert.That(File.ReadAllBytes(Path.Combine(Target, "libtorch_cpu.so")), Is.EqualTo(Library));
    }

    [TestCase(0, Description = "nothing yet")]
    [TestCase(1_234_567, Description = "a part")]
    [TestCase(int.MaxValue, Description = "all of it, but not under its name")]
    public async Task A_setup_that_was_killed_is_gone_on_with(int had)
    {
        using var feed = new FakeFeed(Whole);
        var bytes = Whole.ToBytes();
        var kept = Directory.CreateDirectory(Target + ".packages").FullName;
        File.WriteAllBytes(Path.Combine(kept, "libtorch-cpu-linux-x64.2.10.0.nupkg.part"), bytes[..Math.Min(had, bytes.Length)]);
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Target + ".unfinished").FullName, "libtorch_cpu.so"), "half");
        await RunAsync(feed, Whole);

        Assert.That(feed.Requests, Is.EqualTo(new long[] { Math.Min(had, bytes.Length) }));
        Assert.That(File.ReadAllBytes(Path.Combine(Target, "libtorch_cpu.so")), Is.EqualTo(Library));
    }

    [Test]
    [Slow]
    public void A_source_that_gives_nothing_is_named_and_what_came_is_kept()
    {
        using var feed = new FakeFeed(Whole) { BreaksOffAfter = 0 };
        var kept = Directory.CreateDirectory(Target + ".packages").FullName;
        var part = Path.Combine(kept, "libtorch-cpu-linux-x64.2.10.0.nupkg.part");
        File.WriteAllBytes(part, Whole.ToBytes()[..1000]);

        Assert.That(() => RunAsync(feed, Whole), Throws.InstanceOf<IOException>().With.Message.StartsWith($"feed [{feed.Address}] broke off libtorch-cpu-linux-x64 2.10.0 at byte 1000 (")
            .And.Message.EndsWith("What has come is kept: the same command goes on from there."));
        Assert.That(new FileInfo(part), Has.Length.EqualTo(1000));
        Assert.That(Directory.Exists(Target), Is.False);
    }

    [Test]
    public void A_package_that_is_another_than_the_known_one_is_refused_and_deleted()
    {
        using var feed = new FakeFeed(Whole);
        var found = Convert.ToBase64String(SHA512.HashData(Whole.ToBytes()));

        Assert.That(() => RunAsync(feed, Whole, contentHash: "AAAA"), Throws.TypeOf<NativeRuntimeException>().With.Message.EqualTo(
            $"libtorch-cpu-linux-x64 2.10.0 from feed [{feed.Address}] is not the package that this version was made with: the SHA-512 of its content is {found}, "
            + "and should be AAAA. It was deleted; nothing else was changed. If a second 'opticalqat setup' says the same, the source is at fault."));
        Assert.That(Directory.Exists(Target), Is.False);
        Assert.That(Directory.EnumerateFiles(Target + ".packages"), Is.Empty);
    }

    [Test]
    public void A_package_that_is_none_is_refused()
    {
        using var feed = new FakeFeed(Whole);
        var kept = Directory.CreateDirectory(Target + ".packages").FullName;
        File.WriteAllBytes(Path.Combine(kept, "libtorch-cpu-linux-x64.2.10.0.nupkg.part"), FakePackage.Noise(Whole.ToBytes().Length, seed: 2));

        Assert.That(() => RunAsync(feed, Whole), Throws.TypeOf<NativeRuntimeException>().With.Message.Contains("came damaged ("));
        Assert.That(Directory.EnumerateFiles(kept), Is.Empty);
    }

    [Test]
    public async Task Libraries_in_pieces_are_put_together([Values] bool isDamaged)
    {
        var sum = Convert.ToHexStringLower(SHA256.HashData(Library));
        FakePackage[] packages =
        [
            new("libtorch-cuda-12.8-linux-x64", "2.10.0", [("lib/netstandard2.0/_._", [])], "part1-primary", "part1-fragment1", "part1-fragment2"),
            new("part1-primary", "2.10.0", [("runtimes/linux-x64/native/libtorch_cuda.so", Library[..700_000]), ("runtimes/linux-x64/native/libtorch_cuda.so.sha", Encoding.ASCII.GetBytes(sum))]),
            new("part1-fragment2", "2.10.0", [("fragments/linux-x64/native/libtorch_cuda.so.fragment2", Library[1_400_000..])]),
            new("part1-fragment1", "2.10.0", [("fragments/linux-x64/native/libtorch_cuda.so.fragment1", isDamaged ? [7] : Library[700_000..1_400_000])]),
        ];
        using var feed = new FakeFeed(packages);
        if (isDamaged)
        {
            Assert.That(() => RunAsync(feed, packages[0]), Throws.TypeOf<NativeRuntimeException>().With.Message.EqualTo(
                "libtorch_cuda.so, put together from the pieces in its packages, is not what its checksum says: a piece is missing or damaged. Nothing was changed."));
            Assert.That(Directory.Exists(Target), Is.False);
            return;
        }
        var result = await RunAsync(feed, packages[0]);

        Assert.That(result.Packages, Has.Count.EqualTo(4));
        Assert.That(FilesBelow(Target), Is.EqualTo((string[])["libtorch_cuda.so"]));
        Assert.That(File.ReadAllBytes(Path.Combine(Target, "libtorch_cuda.so")), Is.EqualTo(Library));
    }

    [Test]
    public async Task Two_setups_at_once_fetch_once()
    {
        using var feed = new FakeFeed(Whole);
        var results = await Task.WhenAll(RunAsync(feed, Whole), RunAsync(feed, Whole));

        Assert.That(results.Select(result => result.WasThere), Is.EquivalentTo((bool[])[true, false]));
        Assert.That(feed.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_folder_can_be_the_source()
    {
        var folder = Directory.CreateDirectory(_home.File("folder feed")).FullName;
        File.WriteAllBytes(Path.Combine(folder, "libtorch-cpu-linux-x64.2.10.0.nupkg"), Whole.ToBytes());
        FakeFeed.Configure(_home.Path, ("folder", folder));
        var result = await RunAsync(Whole, contentHash: null);

        Assert.That(result.Packages.Single().Source, Does.StartWith("folder ["));
        Assert.That(FilesBelow(Target), Does.Contain("libtorch_cpu.so"));
    }

    [Test]
    [Slow]
    public void Where_no_source_has_the_package_each_is_named_with_its_answer()
    {
        using var feed = new FakeFeed();
        var closed = "http://127.0.0.1:9/index.json";
        FakeFeed.Configure(_home.Path, ("feed", feed.Address), ("closed", closed));

        Assert.That(() => RunAsync(Whole, contentHash: null), Throws.TypeOf<NativeRuntimeException>().With.Message.StartsWith(
            $"No NuGet source has the package libtorch-cpu-linux-x64 2.10.0: feed [{feed.Address}] does not have it; closed [{closed}] cannot be asked (")
            .And.Message.EndsWith("'dotnet nuget list source' lists your sources. A libtorch 2.10.0 that is on this machine can be named by OPTICALQAT_LIBTORCH instead."));
    }

    private Task<SetupResult> RunAsync(FakeFeed feed, FakePackage package, string? contentHash = null)
    {
        feed.Configure(_home.Path);
        return RunAsync(package, contentHash);
    }

    private async Task<SetupResult> RunAsync(FakePackage package, string? contentHash)
    {
        using var sources = new PackageSources(_home.Path);
        var root = new LibTorchPackage(new PackageIdentity(package.Id, NuGetVersion.Parse(package.Version)), contentHash);
        return await new LibTorchSetup(sources, new DownloadDisplay()).EnsureAsync(root, Platform, Target, CancellationToken.None);
    }

    private static IEnumerable<string> FilesBelow(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal);
}
