using System.Reflection;
using TorchSharp;

namespace OpticalQAT.Runtime;

/// <summary>TorchSharp's own loading, where it must not happen.</summary>
internal static class TorchSharpLoader
{
    /// <summary>
    /// Tells TorchSharp that libtorch is loaded. It would look for <c>torch_cpu</c> in the application's folder, and where
    /// that holds one beside the one already loaded from elsewhere, two libtorch would run in one process.
    /// </summary>
    /// <exception cref="NativeRuntimeException">This version of TorchSharp keeps its state elsewhere.</exception>
    public static void MarkAsDone()
    {
        foreach (var name in new[] { "nativeBackendLoaded", "nativeBackendCudaLoaded" })
        {
            var field = typeof(torch).GetField(name, BindingFlags.NonPublic | BindingFlags.Static)
                ?? throw new NativeRuntimeException(
                    $"TorchSharp {typeof(torch).Assembly.GetName().Version} has no field {name}: "
                    + $"{LibraryLocator.OverrideVariable} works with the version that OpticalQAT was built for.");
            field.SetValue(null, true);
        }
    }
}
