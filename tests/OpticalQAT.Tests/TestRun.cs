using NUnit.Framework;
using OpticalQAT.Runtime;

namespace OpticalQAT.Tests;

/// <summary>Once, before the first test: the native libraries, and as many threads on every machine, so that sums add up in the same order.</summary>
[SetUpFixture]
public class TestRun
{
    private const int ThreadCount = 2;

    [OneTimeSetUp]
    public void Start()
    {
        NativeRuntime.Initialize();
        Assert.That(Threads.Use(ThreadCount), Is.EqualTo(ThreadCount));
    }
}
