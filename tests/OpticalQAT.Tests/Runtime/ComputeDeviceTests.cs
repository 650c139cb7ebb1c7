using NUnit.Framework;
using OpticalQAT.Runtime;
using TorchSharp;

namespace OpticalQAT.Tests.Runtime;

public class ComputeDeviceTests
{
    private static readonly CudaStatus TwoDevices = new(2, null);
    private static readonly CudaStatus NoCuda = new(0, "there is no NVIDIA driver here.");

    [Test]
    public void Auto_takes_the_first_cuda_device()
    {
        var device = ComputeDevice.Resolve(DeviceChoice.Auto, TwoDevices);
        Assert.That((device.Device.type, device.Device.index, device.Note), Is.EqualTo((DeviceType.CUDA, 0, (string?)null)));
    }

    [Test]
    public void Auto_falls_back_to_the_cpu_and_says_why()
    {
        var device = ComputeDevice.Resolve(DeviceChoice.Auto, NoCuda);
        Assert.That(device.Device.type, Is.EqualTo(DeviceType.CPU));
        Assert.That(device.Note, Is.EqualTo("Computing on the CPU: there is no NVIDIA driver here."));
    }

    [Test]
    public void The_cpu_is_always_there() =>
        Assert.That(ComputeDevice.Resolve(DeviceChoice.Cpu), Is.EqualTo(new ComputeDevice(torch.CPU, null)));

    [Test]
    public void An_index_chooses_the_device() =>
        Assert.That(ComputeDevice.Resolve(DeviceChoice.Cuda(1), TwoDevices).Device.index, Is.EqualTo(1));

    [Test]
    public void A_missing_device_is_an_error_with_the_count() =>
        Assert.That(
            () => ComputeDevice.Resolve(DeviceChoice.Cuda(2), TwoDevices),
            Throws.TypeOf<NativeRuntimeException>().With.Message.EqualTo(
                "The device cuda:2 cannot be used: this machine offers 2, numbered from 0, so the last is cuda:1. "
                + "CUDA_VISIBLE_DEVICES can hide devices."));

    [Test]
    public void Cuda_where_there_is_none_is_an_error_with_the_reason() =>
        Assert.That(
            () => ComputeDevice.Resolve(DeviceChoice.Cuda(), NoCuda),
            Throws.TypeOf<NativeRuntimeException>().With.Message.EqualTo(
                "The device cuda cannot be used: there is no NVIDIA driver here. The devices auto and cpu work here."));

    [Test]
    public void The_reason_names_the_first_obstacle()
    {
        using var folder = new TemporaryFolder();
        var package = new NativeLibraries("", folder.Path, "package", null);
        var driver = new CudaDriver([], "there is no driver.");
        Assert.That(CudaStatus.Reason(package, driver), Does.StartWith("this build is without CUDA"));
        Assert.That(CudaStatus.Reason(package with { LibTorchSource = LibraryLocator.OverrideVariable }, driver), Does.EndWith("is one without CUDA."));

        File.WriteAllText(folder.File(LibraryLocator.FileName("torch_cuda")), "");
        Assert.That(CudaStatus.Reason(package, driver), Is.EqualTo("there is no driver."));
        Assert.That(CudaStatus.Reason(package, new([], null)), Does.Contain("no device"));
        Assert.That(CudaStatus.Reason(package, new(["A GPU"], null)), Does.Contain("A GPU"));
    }

    [Test]
    public void The_machine_that_runs_the_tests_resolves_auto()
    {
        var device = ComputeDevice.Resolve(DeviceChoice.Auto);
        using var tensor = torch.ones(2, device: device.Device);
        Assert.That(tensor.sum().item<float>(), Is.EqualTo(2));
        Assert.That(device.Note is null, Is.EqualTo(torch.cuda.is_available()));
    }
}
