using System.Runtime.InteropServices;
using NUnit.Framework;
using OpticalQAT.Runtime;
using TorchSharp;

namespace OpticalQAT.Tests.Runtime;

public partial class NativeRuntimeTests
{
    [Test]
    public void A_tensor_can_be_transformed()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1); // also asks for CUDA, which must not start TorchSharp's own search
        var field = torch.randn(8, 8, dtype: torch.complex64);
        var back = torch.fft.ifft2(torch.fft.fft2(field));
        Assert.That((back - field).abs().max().item<float>(), Is.LessThan(1e-6f));
    }

    [Test]
    public void TorchSharp_has_not_copied_libtorch() =>
        Assert.That(Directory.Exists(Path.Combine(AppContext.BaseDirectory, "cpu")), Is.False);

    [Test]
    public void Initialising_again_from_many_threads_changes_nothing()
    {
        var first = NativeRuntime.Libraries;
        Parallel.For(0, 16, _ => NativeRuntime.Initialize());
        Assert.That(NativeRuntime.Libraries, Is.SameAs(first));
    }

    [Test]
    public void The_version_named_in_messages_is_the_one_that_TorchSharp_wants() =>
        Assert.That(torch.__version__, Does.StartWith(LibraryLocator.LibTorchVersion + "."));

    [Test]
    public void Exports_of_libtorch_can_be_asked_for()
    {
        Assert.That(NativeRuntime.TryGetExport("opticalqat_no_such_function", out _), Is.False);
    }

    [Test]
    [Platform("Linux")]
    public void Native_code_sees_how_threads_are_to_wait() =>
        Assert.That(Marshal.PtrToStringUTF8(GetEnvironment("OMP_WAIT_POLICY")), Is.EqualTo(Environment.GetEnvironmentVariable("OMP_WAIT_POLICY")).And.Not.Null);

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetEnvironment(string name);
}
