using System.Runtime.InteropServices;

namespace OpticalQAT.Runtime;

/// <summary>The few calls to the system's loader and C library that .NET does not offer.</summary>
internal static class DynamicLoader
{
    private const int ResolveNow = 2; // RTLD_NOW

    /// <summary>Loads a library by its full path, every symbol bound at once on Linux.</summary>
    /// <remarks>
    /// .NET binds lazily, and then a function missing from a foreign libtorch ends the process at its first call.
    /// Bound at once it is an error here, which names the symbol.
    /// </remarks>
    /// <returns>The handle, as <see cref="NativeLibrary"/> uses it.</returns>
    /// <exception cref="DllNotFoundException">With the loader's own reason.</exception>
    public static nint Load(string path)
    {
        if (!OperatingSystem.IsLinux())
            return NativeLibrary.Load(path);
        _ = LastError(); // .NET binds a function at its first call, through dlopen, which would forget the reason
        var handle = Open(path, ResolveNow);
        return handle != 0 ? handle : throw new DllNotFoundException(Marshal.PtrToStringUTF8(LastError()) ?? path);
    }

    /// <summary>
    /// Sets an environment variable for this process, native code included, unless it is set already;
    /// .NET's own setter changes a managed copy that <c>getenv</c> never sees.
    /// </summary>
    /// <returns>The value that holds now.</returns>
    public static string SetEnvironmentDefault(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } given)
            return given;
        Environment.SetEnvironmentVariable(name, value);
        if (!OperatingSystem.IsWindows()) // on Windows the managed setter writes the process's own environment
            _ = SetEnvironment(name, value, overwrite: 1);
        return value;
    }

    [DllImport("libc", EntryPoint = "dlopen")]
    private static extern nint Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "dlerror")]
    private static extern nint LastError();

    [DllImport("libc", EntryPoint = "setenv")]
    private static extern int SetEnvironment([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
}
