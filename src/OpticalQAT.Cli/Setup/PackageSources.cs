using NuGet.Common;
using NuGet.Configuration;
using NuGet.Packaging.Core;
using NuGet.Protocol;
using NuGet.Protocol.Core.Types;
using OpticalQAT.Runtime;

namespace OpticalQAT.Cli.Setup;

/// <summary>
/// The sources of packages that the user's NuGet configuration names, read from the current folder upwards as NuGet itself does, and
/// before them the folder in which NuGet keeps what it has fetched already.
/// </summary>
internal sealed class PackageSources : IDisposable
{
    private readonly ISettings _settings;
    private readonly PackageSourceMapping _mapping;
    private readonly List<SourceRepository> _repositories;

    /// <param name="folder">The folder where the search for a <c>NuGet.Config</c> begins.</param>
    public PackageSources(string folder)
    {
        _settings = Settings.LoadDefaultSettings(folder);
        _mapping = PackageSourceMapping.GetPackageSourceMapping(_settings);
        _repositories = [.. PackageSourceProvider.LoadPackageSources(_settings).Where(source => source.IsEnabled).Select(source => Repository.Factory.GetCoreV3(source))];
    }

    /// <summary>NuGet's cache of its requests; nothing of it is written to disk for packages.</summary>
    public SourceCacheContext Cache { get; } = new() { DirectDownload = true, NoCache = true };

    /// <inheritdoc/>
    public void Dispose() => Cache.Dispose();

    /// <summary>The first source that has a package.</summary>
    /// <exception cref="NativeRuntimeException">None has it; says what each of them answered.</exception>
    public async Task<PackageOffer> FindAsync(PackageIdentity package, CancellationToken cancellation)
    {
        var answers = new List<string>();
        foreach (var repository in RepositoriesFor(package))
        {
            try
            {
                var resource = await repository.GetResourceAsync<FindPackageByIdResource>(cancellation);
                if (resource is not null && await resource.DoesPackageExistAsync(package.Id, package.Version, Cache, NullLogger.Instance, cancellation))
                    return new PackageOffer(package, repository, resource);
                answers.Add($"{repository.PackageSource} does not have it");
            }
            catch (Exception failure) when (failure is FatalProtocolException or HttpRequestException or IOException or UnauthorizedAccessException)
            {
                answers.Add($"{repository.PackageSource} cannot be asked ({failure.GetBaseException().Message.TrimEnd('.')})");
            }
        }
        throw new NativeRuntimeException(
            $"No NuGet source has the package {package.Id} {package.Version}: {(answers.Count == 0 ? "none is configured for it" : string.Join("; ", answers))}. "
            + $"'dotnet nuget list source' lists your sources. A libtorch {FetchedLibTorch.Version} that is on this machine can be named by {NativeRuntime.LibTorchVariable} instead.");
    }

    private IEnumerable<SourceRepository> RepositoriesFor(PackageIdentity package)
    {
        var kept = SettingsUtility.GetGlobalPackagesFolder(_settings);
        if (Directory.Exists(Path.Combine(kept, package.Id.ToLowerInvariant())))
            yield return Repository.Factory.GetCoreV3(kept);
        var named = _mapping.IsEnabled ? _mapping.GetConfiguredPackageSources(package.Id) : null;
        foreach (var repository in _repositories)
        {
            if (named is null || named.Contains(repository.PackageSource.Name, StringComparer.OrdinalIgnoreCase))
                yield return repository;
        }
    }
}
