using System.Net;
using System.Net.Http.Headers;
using NuGet.Common;
using NuGet.Packaging.Core;
using NuGet.Protocol;
using NuGet.Protocol.Core.Types;

namespace OpticalQAT.Cli.Setup;

/// <summary>A package at a source that has it.</summary>
/// <param name="Package">Its name and version.</param>
/// <param name="Repository">The source.</param>
/// <param name="Resource">The source's resource for packages.</param>
internal sealed record PackageOffer(PackageIdentity Package, SourceRepository Repository, FindPackageByIdResource Resource)
{
    private const int Attempts = 5;
    private const int BufferBytes = 1 << 17;

    /// <summary>The source's name and address.</summary>
    public string Source => Repository.PackageSource.ToString();

    /// <summary>Copies the package into a file. What the file holds from an interrupted copy is continued where the source is a web server that allows it.</summary>
    /// <param name="file">The file to write; whole only when this returns.</param>
    /// <param name="cache">The cache of requests.</param>
    /// <param name="progress">Told of the bytes that are there and of all bytes, 0 where the source does not tell.</param>
    /// <param name="cancellation">Stops; what has come is kept.</param>
    /// <exception cref="IOException">The source broke off again and again without a byte more.</exception>
    public async Task CopyToAsync(string file, SourceCacheContext cache, Action<long, long> progress, CancellationToken cancellation)
    {
        if (await AddressAsync(cancellation) is not { } address)
        {
            await using var whole = File.Create(file);
            await Resource.CopyNupkgToStreamAsync(Package.Id, Package.Version, whole, cache, NullLogger.Instance, cancellation);
            progress(whole.Length, whole.Length);
            return;
        }
        var http = (await Repository.GetResourceAsync<HttpSourceResource>(cancellation))!; // every web server has one
        for (var attempt = 1; ; attempt++)
        {
            var before = LengthOf(file);
            try
            {
                await GoOnAsync(http.HttpSource, address, file, cache, progress, cancellation);
                return;
            }
            catch (Exception failure) when (failure is IOException or HttpRequestException or TimeoutException)
            {
                if (LengthOf(file) > before)
                    attempt = 0;
                if (attempt == Attempts)
                    throw new IOException($"{Source} broke off {Package.Id} {Package.Version} at byte {LengthOf(file)} ({failure.Message.TrimEnd('.')}). What has come is kept: the same command goes on from there.", failure);
                await Task.Delay(TimeSpan.FromMilliseconds(200 << attempt), cancellation);
            }
        }
    }

    private async Task GoOnAsync(HttpSource http, Uri address, string file, SourceCacheContext cache, Action<long, long> progress, CancellationToken cancellation)
    {
        var have = LengthOf(file);
        HttpRequestMessage Request()
        {
            var request = HttpRequestMessageFactory.Create(HttpMethod.Get, address, NullLogger.Instance);
            if (have > 0)
                request.Headers.Range = new RangeHeaderValue(have, null);
            return request;
        }
        await http.ProcessResponseAsync(new HttpSourceRequest(Request), async response =>
        {
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                // Nothing lies behind what is there: it is whole, which the check of its hash will tell.
                return true;
            }
            response.EnsureSuccessStatusCode();
            var isRest = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == have;
            await using var target = new FileStream(file, isRest ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes);
            var total = response.Content.Headers.ContentLength + (isRest ? have : 0) ?? 0;
            await using var content = await response.Content.ReadAsStreamAsync(cancellation);
            await CopyAsync(content, target, total, progress, cancellation);
            return true;
        }, cache, NullLogger.Instance, cancellation);
    }

    private static async Task CopyAsync(Stream content, FileStream target, long total, Action<long, long> progress, CancellationToken cancellation)
    {
        var buffer = new byte[BufferBytes];
        int read;
        while ((read = await content.ReadAsync(buffer, cancellation)) > 0)
        {
            await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
            progress(target.Position, total);
        }
    }

    // Servers of version 3 have every package at an address that follows from its name.
    private async Task<Uri?> AddressAsync(CancellationToken cancellation)
    {
        if (await Repository.GetResourceAsync<ServiceIndexResourceV3>(cancellation) is not { } index
            || index.GetServiceEntryUri(ServiceTypes.PackageBaseAddress) is not { } root)
        {
            return null;
        }
        var (id, version) = (Package.Id.ToLowerInvariant(), Package.Version.ToNormalizedString().ToLowerInvariant());
        return new Uri($"{root.AbsoluteUri.TrimEnd('/')}/{id}/{version}/{id}.{version}.nupkg");
    }

    private static long LengthOf(string file) => File.Exists(file) ? new FileInfo(file).Length : 0;
}
