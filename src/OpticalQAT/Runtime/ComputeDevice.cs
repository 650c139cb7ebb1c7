using TorchSharp;

namespace OpticalQAT.Runtime;

/// <summary>The device that a run computes on.</summary>
/// <param name="Device">TorchSharp's device, with its index where it is a CUDA device.</param>
/// <param name="Note">The reason why <c>auto</c> settled for the CPU, in one line; null otherwise.</param>
public sealed record ComputeDevice(torch.Device Device, string? Note)
{
    /// <summary>Finds the device for a choice.</summary>
    /// <exception cref="NativeRuntimeException">CUDA was asked for and cannot be had; says why.</exception>
    public static ComputeDevice Resolve(DeviceChoice choice)
    {
        NativeRuntime.Initialize();
        return choice.Type == DeviceType.CPU ? new(torch.CPU, null) : Resolve(choice, CudaStatus.Query());
    }

    /// <summary>Whether a choice surely comes to the CPU here: asked of the driver alone, it needs no libtorch.</summary>
    internal static bool IsCpu(DeviceChoice choice) =>
        choice.Type == DeviceType.CPU || (choice.Type is null && CudaDriver.Query().Devices.Count == 0);

    /// <summary>As <see cref="Resolve(DeviceChoice)"/>, for a machine that offers what <paramref name="cuda"/> says.</summary>
    internal static ComputeDevice Resolve(DeviceChoice choice, CudaStatus cuda) => choice switch
    {
        { Type: DeviceType.CPU } => new(torch.CPU, null),
        { Type: null } when cuda.WhyNot is not null => new(torch.CPU, $"Computing on the CPU: {cuda.WhyNot}"),
        _ when cuda.WhyNot is not null =>
            throw new NativeRuntimeException($"The device {choice} cannot be used: {cuda.WhyNot} The devices auto and cpu work here."),
        _ when choice.Index is { } index && index >= cuda.DeviceCount =>
            throw new NativeRuntimeException(
                $"The device {choice} cannot be used: this machine offers {cuda.DeviceCount}, numbered from 0, "
                + $"so the last is cuda:{cuda.DeviceCount - 1}. CUDA_VISIBLE_DEVICES can hide devices."),
        _ => new(new torch.Device(DeviceType.CUDA, choice.Index ?? 0), null),
    };
}
