using System.IO.Compression;
using System.Text;

namespace OpticalQAT.Tests.Cli.Setup;

/// <summary>A package of made-up content.</summary>
internal sealed record FakePackage(string Id, string Version, IReadOnlyList<(string Path, byte[] Content)> Files, params string[] Dependencies)
{
    /// <summary>The bytes of its file.</summary>
    public byte[] ToBytes()
    {
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            var dependencies = string.Concat(Dependencies.Select(id => $"<dependency id=\"{id}\" version=\"{Version}\" />"));
            Add(archive, $"{Id}.nuspec", Encoding.UTF8.GetBytes($"""
                <?xml version="1.0" encoding="utf-8"?>
                <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
                  <metadata>
                    <id>{Id}</id><version>{Version}</version><authors>test</authors><description>test</description>
                    <dependencies><group targetFramework=".NETStandard2.0">{dependencies}</group></dependencies>
                  </metadata>
                </package>
                """));
            foreach (var (path, content) in Files)
                Add(archive, path, content);
        }
        return memory.ToArray();
    }

    /// <summary>Bytes that no compression makes smaller, the same for the same seed.</summary>
    public static byte[] Noise(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static void Add(ZipArchive archive, string path, byte[] content)
    {
        using var entry = archive.CreateEntry(path, CompressionLevel.NoCompression).Open();
        entry.Write(content);
    }
}
