namespace OpticalQAT.Runtime;

/// <summary>The native libraries that are loaded, and how they were come by.</summary>
/// <param name="LibTorchSharp">The full path of the library behind TorchSharp.</param>
/// <param name="LibTorchFolder">The folder that libtorch was loaded from.</param>
/// <param name="LibTorchSource">"package", "setup", or the name of the environment variable that chose the folder.</param>
/// <param name="CompatibilityNote">The reason why a compatible copy of LibTorchSharp is in use; null where the original is.</param>
public sealed record NativeLibraries(string LibTorchSharp, string LibTorchFolder, string LibTorchSource, string? CompatibilityNote)
{
    /// <summary>The source of a libtorch that this build brings.</summary>
    public const string OfPackage = "package";

    /// <summary>The source of a libtorch that the verb <c>setup</c> fetched.</summary>
    public const string OfSetup = "setup";

    internal nint LibTorchSharpHandle { get; init; }

    internal nint LibTorchCpuHandle { get; init; }
}
