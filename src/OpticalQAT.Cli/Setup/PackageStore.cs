using NuGet.Packaging;
using NuGet.Packaging.Core;
using NuGet.Packaging.Signing;
using OpticalQAT.Runtime;

namespace OpticalQAT.Cli.Setup;

/// <summary>A package that was fetched and checked.</summary>
/// <param name="Package">Its name and version.</param>
/// <param name="File">The full path of the package's file.</param>
/// <param name="Source">The name and address of where it came from.</param>
/// <param name="Bytes">Its size in bytes.</param>
internal sealed record FetchedPackage(PackageIdentity Package, string File, string Source, long Bytes);

/// <summary>The folder in which packages are gathered until all are there. A file without <c>.part</c> behind its name is whole and checked.</summary>
internal sealed class PackageStore(string folder, PackageSources sources, DownloadDisplay display)
{
    /// <summary>Fetches a package and all that it depends on; what is there already is not fetched again.</summary>
    /// <exception cref="NativeRuntimeException">A package is nowhere, or is not what it should be.</exception>
    /// <exception cref="IOException">A source breaks off, or the folder cannot be written to.</exception>
    public async Task<IReadOnlyList<FetchedPackage>> FetchAsync(LibTorchPackage root, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var fetched = new List<FetchedPackage>();
        var waiting = new Queue<PackageIdentity>([root.Identity]);
        var known = new HashSet<string>([root.Identity.Id], StringComparer.OrdinalIgnoreCase);
        while (waiting.TryDequeue(out var next))
        {
            var package = await FetchAsync(next, next.Equals(root.Identity) ? root.ContentHash : null, cancellation);
            fetched.Add(package);
            foreach (var dependency in DependenciesOf(package.File).Where(dependency => known.Add(dependency.Id)))
                waiting.Enqueue(dependency);
        }
        return fetched;
    }

    private async Task<FetchedPackage> FetchAsync(PackageIdentity package, string? contentHash, CancellationToken cancellation)
    {
        var file = Path.Combine(folder, $"{package.Id}.{package.Version.ToNormalizedString()}.nupkg");
        if (File.Exists(file))
            return new FetchedPackage(package, file, "fetched before", new FileInfo(file).Length);
        var part = file + ".part";
        var offer = await sources.FindAsync(package, cancellation);
        display.Begin(offer.Package, offer.Source, File.Exists(part) ? new FileInfo(part).Length : 0);
        await offer.CopyToAsync(part, sources.Cache, display.Advance, cancellation);
        display.End();
        if (await FaultOfAsync(part, contentHash, cancellation) is { } fault)
        {
            File.Delete(part);
            throw new NativeRuntimeException(
                $"{package.Id} {package.Version} from {offer.Source} {fault}. It was deleted; nothing else was changed. If a second 'opticalqat setup' says the same, the source is at fault.");
        }
        File.Move(part, file, overwrite: true);
        return new FetchedPackage(package, file, offer.Source, new FileInfo(file).Length);
    }

    /// <summary>The fault of a package, as a sentence; null where it is whole.</summary>
    private static async Task<string?> FaultOfAsync(string file, string? contentHash, CancellationToken cancellation)
    {
        try
        {
            using var reader = new PackageArchiveReader(file);
            if (contentHash is not null)
            {
                var found = reader.GetContentHash(cancellation, () => HashOf(file));
                return string.Equals(found, contentHash, StringComparison.Ordinal)
                    ? null
                    : $"is not the package that this version was made with: the SHA-512 of its content is {found}, and should be {contentHash}";
            }
            if (await reader.GetPrimarySignatureAsync(cancellation) is { } signature)
                await reader.ValidateIntegrityAsync(signature.SignatureContent, cancellation);
            return null;
        }
        catch (Exception damage) when (damage is InvalidDataException or PackagingException or SignatureException)
        {
            return $"came damaged ({damage.Message.TrimEnd('.')})";
        }
    }

    private static string HashOf(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToBase64String(System.Security.Cryptography.SHA512.HashData(stream));
    }

    private static IEnumerable<PackageIdentity> DependenciesOf(string file)
    {
        using var reader = new PackageArchiveReader(file);
        return [.. reader.NuspecReader.GetDependencyGroups().SelectMany(group => group.Packages)
            .Where(dependency => dependency.VersionRange.MinVersion is not null)
            .Select(dependency => new PackageIdentity(dependency.Id, dependency.VersionRange.MinVersion))];
    }
}
