using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace OpticalQAT.Runtime;

/// <summary>Loads libtorch and the library behind TorchSharp, once per process.</summary>
public static class NativeRuntime
{
    /// <summary>The variable that names the <c>lib</c> folder of a libtorch to use, before any other.</summary>
    public const string LibTorchVariable = LibraryLocator.OverrideVariable;

    private const long NeededAddresses = 1L << 30; // the threads set aside as much, without using it

    private static readonly Lazy<NativeLibraries> Loaded = new(Load, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>The loaded libraries; loads them first if need be.</summary>
    /// <exception cref="NativeRuntimeException">As <see cref="Initialize"/>.</exception>
    public static NativeLibraries Libraries => Loaded.Value;

    /// <summary>
    /// Loads the native libraries. Every entry point calls it before anything of TorchSharp is touched: left to itself
    /// TorchSharp answers a library that does not load by copying 490 MB. Later calls, from any thread, do nothing.
    /// </summary>
    /// <exception cref="NativeRuntimeException">A library is missing or does not load; says what was tried.</exception>
    public static void Initialize() => _ = Loaded.Value;

    /// <summary>The address of a function that libtorch_cpu exports, MKL's among them.</summary>
    /// <returns>False where the library does not export it.</returns>
    public static bool TryGetExport(string name, out nint address) =>
        NativeLibrary.TryGetExport(Libraries.LibTorchCpuHandle, name, out address);

    private static NativeLibraries Load()
    {
        // libgomp reads it when it is loaded. Threads that spin while they wait take the cores from those that work:
        // with two threads and one busy core a training step went from 228 to 1157 ms.
        DynamicLoader.SetEnvironmentDefault("OMP_WAIT_POLICY", "PASSIVE");

        var libraries = new NativeLibraryLoader(LibraryLocator.ForApplication()).Load();
        ServeTorchSharp(libraries);
        RequireAddresses();
        return libraries;
    }

    /// <summary>Throws where addresses run out: there .NET ends the process without a word of ours.</summary>
    private static void RequireAddresses()
    {
        if (HostMemory.AddressSpaceLeft is < NeededAddresses and var left)
        {
            throw new NativeRuntimeException(
                $"This process may take {HostMemory.InGibi(ResourceLimits.AddressSpace!.Value)} of addresses (ulimit -v), and once the libraries are loaded {HostMemory.InGibi(left)} of them are left, "
                + "too little to compute in. Raise the limit with ulimit -v unlimited; what a job may use is better limited by its memory.");
        }
    }

    // TorchSharp's functions are bound through the resolver of its assembly. Its own loader asks by name instead, which
    // passes the resolver by and comes to the load context when the usual places have failed.
    private static void ServeTorchSharp(NativeLibraries libraries)
    {
        nint Resolve(string name) => name switch
        {
            "LibTorchSharp" => libraries.LibTorchSharpHandle,
            "torch_cpu" => libraries.LibTorchCpuHandle,
            _ => 0,
        };

        var assembly = typeof(torch).Assembly;
        AssemblyLoadContext.GetLoadContext(assembly)!.ResolvingUnmanagedDll += (_, name) => Resolve(name);
        try
        {
            NativeLibrary.SetDllImportResolver(assembly, (name, _, _) => Resolve(name));
        }
        catch (InvalidOperationException)
        {
            // Another part of the process has set one. The load context's event serves the functions as well.
        }
    }
}
