using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OpticalQAT.Tests.Cli.Setup;

/// <summary>A package source of version 3 on this machine, which can break off in the middle of a package.</summary>
internal sealed class FakeFeed : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, byte[]> _packages;
    private readonly string _root;

    public FakeFeed(params FakePackage[] packages)
    {
        _packages = packages.ToDictionary(p => $"/flat/{p.Id}/{p.Version}/{p.Id}.{p.Version}.nupkg", p => p.ToBytes(), StringComparer.Ordinal);
        _root = $"http://127.0.0.1:{FreePort()}";
        _listener.Prefixes.Add(_root + "/");
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    /// <summary>The feed's address, as a NuGet configuration has it.</summary>
    public string Address => $"{_root}/index.json";

    /// <summary>The first byte that each request for a package asked for, in their order.</summary>
    public ConcurrentQueue<long> Requests { get; } = new();

    /// <summary>After how many bytes each answer breaks off; by default it does not.</summary>
    public int BreaksOffAfter { get; set; } = int.MaxValue;

    /// <summary>Writes the configuration of a user who has only this source, and a package folder of his own.</summary>
    public void Configure(string folder) => Configure(folder, ("feed", Address));

    /// <summary>Writes the configuration of a user who has these sources, and a package folder of his own.</summary>
    public static void Configure(string folder, params (string Name, string Address)[] sources) => File.WriteAllText(Path.Combine(folder, "NuGet.Config"), $"""
        <?xml version="1.0" encoding="utf-8"?>
        <configuration>
          <config><add key="globalPackagesFolder" value="{Path.Combine(folder, "packages")}" /></config>
          <packageSources><clear />{string.Concat(sources.Select(source => $"<add key=\"{source.Name}\" value=\"{source.Address}\" allowInsecureConnections=\"true\" />"))}</packageSources>
        </configuration>
        """);

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                Answer(await _listener.GetContextAsync());
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException or InvalidOperationException or IOException)
            {
                // The client has what it wanted, or the feed was closed.
            }
        }
    }

    private void Answer(HttpListenerContext context)
    {
        var path = context.Request.Url!.AbsolutePath;
        if (_packages.TryGetValue(path, out var package))
            Send(context, package);
        else if (string.Equals(path, "/index.json", StringComparison.Ordinal))
            Send(context.Response, $$"""{"version":"3.0.0","resources":[{"@id":"{{_root}}/flat/","@type":"PackageBaseAddress/3.0.0"}]}""");
        else if (VersionsOf(path) is { Length: > 0 } versions)
            Send(context.Response, $$"""{"versions":[{{string.Join(',', versions.Select(version => $"\"{version}\""))}}]}""");
        else
            (context.Response.StatusCode, _) = (404, 0);
        context.Response.Close();
    }

    private string[] VersionsOf(string path) =>
        [.. _packages.Keys.Where(key => string.Equals($"/flat/{key.Split('/')[2]}/index.json", path, StringComparison.Ordinal)).Select(key => key.Split('/')[3])];

    private void Send(HttpListenerContext context, byte[] package)
    {
        var range = context.Request.Headers["Range"];
        var from = range is null ? 0 : int.Parse(range["bytes=".Length..^1]);
        Requests.Enqueue(from);
        var response = context.Response;
        if (from >= package.Length)
        {
            response.StatusCode = 416;
            return;
        }
        if (range is not null)
        {
            response.StatusCode = 206;
            response.Headers["Content-Range"] = $"bytes {from}-{package.Length - 1}/{package.Length}";
        }
        response.ContentLength64 = package.Length - from;
        var sent = Math.Min(BreaksOffAfter, package.Length - from);
        response.OutputStream.Write(package, from, sent);
        response.OutputStream.Flush();
        if (sent < package.Length - from)
            response.Abort();
    }

    private static void Send(HttpListenerResponse response, string json)
    {
        response.ContentType = "application/json";
        response.OutputStream.Write(Encoding.UTF8.GetBytes(json));
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
