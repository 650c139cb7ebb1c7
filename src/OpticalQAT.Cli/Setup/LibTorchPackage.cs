using NuGet.Packaging.Core;
using NuGet.Versioning;
using OpticalQAT.Runtime;

namespace OpticalQAT.Cli.Setup;

/// <summary>The package from which a libtorch is fetched, and through its dependencies all others that belong to it.</summary>
/// <param name="Identity">Its name and version.</param>
/// <param name="ContentHash">
/// The SHA-512 of its content in base64, as NuGet's lock files have it: it holds for copies that a private feed has signed again.
/// Null where it is not known beforehand; then what the package says of itself is checked: its signature's hash, and that of
/// each library that comes in pieces.
/// </param>
internal sealed record LibTorchPackage(PackageIdentity Identity, string? ContentHash)
{
    private static readonly Dictionary<string, string> Hashes = new(StringComparer.Ordinal)
    {
        ["libtorch-cpu-linux-x64"] = "YGd/F5T77Urmui3LeXOgXP8xqY+RpSZFcMBwV+tBDYMMtxppKyi8O4ajnWSNSmlSctr6KGvSmfGRhmxRGYfbuA==",
        ["libtorch-cpu-win-x64"] = "Gr1gCbueixwQIEnWiMXyAs4/uAFBar03K+AxZm9BY3t17MFaX9rEIe9Vxz+Cguo9G6dXXOeGAO3W1OEhax74Mw==",
        ["libtorch-cpu-osx-arm64"] = "i8aTC3F+7JI65Jdr4MfgdVdZpFU/FCn2G1b/yc4Z8FauDgpc2cji3mwDfQy+3KdD+rpDBgCiAdqs8o0v7mDNXw==",
    };

    /// <summary>The package for a platform.</summary>
    /// <exception cref="NativeRuntimeException">There is none for it.</exception>
    public static LibTorchPackage For(bool withCuda, string platform)
    {
        var name = withCuda ? $"libtorch-cuda-{FetchedLibTorch.CudaVersion}-{platform}" : $"libtorch-cpu-{platform}";
        if (withCuda ? platform is not ("linux-x64" or "win-x64") : !Hashes.ContainsKey(name))
        {
            throw new NativeRuntimeException(
                $"There is no libtorch{(withCuda ? " with CUDA" : string.Empty)} for {platform} among the packages of TorchSharp. "
                + $"A libtorch {FetchedLibTorch.Version} from elsewhere can be named by {NativeRuntime.LibTorchVariable}.");
        }
        return new LibTorchPackage(new PackageIdentity(name, NuGetVersion.Parse(FetchedLibTorch.Version)), Hashes.GetValueOrDefault(name));
    }
}
