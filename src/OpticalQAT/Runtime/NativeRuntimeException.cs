namespace OpticalQAT.Runtime;

/// <summary>The native libraries, or the device asked for, cannot be had; the message says why and how to mend it.</summary>
public sealed class NativeRuntimeException : Exception
{
    public NativeRuntimeException()
    {
    }

    public NativeRuntimeException(string message)
        : base(message)
    {
    }

    public NativeRuntimeException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
