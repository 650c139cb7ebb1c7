using NUnit.Framework;
using OpticalQAT.Runtime;

namespace OpticalQAT.Tests.Runtime;

/// <summary>The memory that there is, from the files in which Linux says it.</summary>
public sealed class HostMemoryTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TemporaryFolder();
        Write("proc/meminfo", "MemTotal:       16000000 kB\nMemFree:         1000 kB\n");
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void Without_limits_it_is_the_machines() => Assert.That(Read(), Is.EqualTo(16_000_000L * 1024));

    [Test]
    public void A_limit_of_a_group_above_counts_as_well()
    {
        Write("proc/self/cgroup", "0::/jobs/of/mine\n");
        Write("groups/jobs/memory.max", "2000000000\n");
        Write("groups/jobs/of/mine/memory.max", "max\n");
        Assert.That(Read(), Is.EqualTo(2_000_000_000));
    }

    [Test]
    public void A_container_sees_its_limit_at_the_top()
    {
        Write("proc/self/cgroup", "0::/\n");
        Write("groups/memory.max", "1500000000\n");
        Assert.That(Read(), Is.EqualTo(1_500_000_000));
    }

    [Test]
    public void Groups_of_the_first_version_name_the_controller()
    {
        Write("proc/self/cgroup", "7:cpu,cpuacct:/a\n5:memory:/a\n");
        Write("groups/memory/a/memory.limit_in_bytes", "1200000000\n");
        Assert.That(Read(), Is.EqualTo(1_200_000_000));
    }

    [Test]
    public void Where_nothing_is_said_there_is_no_answer() => Assert.That(HostMemory.Of(_folder.File("nosuch"), _folder.File("nosuch")), Is.Null);

    private long? Read() => HostMemory.Of(_folder.File("proc"), _folder.File("groups"));

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(file))!);
        File.WriteAllText(_folder.File(file), text);
    }
}
