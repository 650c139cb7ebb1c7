using System.Runtime.CompilerServices;
using OpticalQAT.Runtime;

namespace OpticalQAT.Tests.Runtime;

/// <summary>Test cases are made before any set-up of the framework runs, and some are tensors.</summary>
internal static class NativeRuntimeSetup
{
    [ModuleInitializer]
    internal static void Initialize() => NativeRuntime.Initialize();
}
