using System.Text.Json;
using NUnit.Framework;
using OpticalQAT.Runtime;
using TorchSharp;

namespace OpticalQAT.Tests.Runtime;

public class RuntimeReportTests
{
    [Test]
    public void It_says_what_is_in_use()
    {
        var report = RuntimeReport.Gather();
        Assert.Multiple(() =>
        {
            Assert.That(report.Libraries, Is.EqualTo(NativeRuntime.Libraries));
            Assert.That(report.LibraryFailure, Is.Null);
            Assert.That(report.OmpWaitPolicy, Is.Not.Empty);
            Assert.That(report.AvailableCores, Is.Positive);
            Assert.That(report.MemoryBytes, Is.GreaterThan(1L << 28));
            Assert.That(report.TorchSharp, Does.StartWith("0."));
            Assert.That(report.WhyNoCuda is null, Is.EqualTo(torch.cuda.is_available()));
            Assert.That(report.CudaDevices, Has.Count.EqualTo(torch.cuda.is_available() ? torch.cuda.device_count() : 0));
        });
    }

    [Test]
    public void It_survives_json()
    {
        var report = RuntimeReport.Gather();
        var json = JsonSerializer.Serialize(report);
        Assert.That(JsonSerializer.Serialize(JsonSerializer.Deserialize<RuntimeReport>(json)), Is.EqualTo(json));
        Assert.That(json, Does.Not.Contain("Handle"));
    }
}
