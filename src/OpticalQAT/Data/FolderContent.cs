using System.Security.Cryptography;
using System.Text;

namespace OpticalQAT.Data;

/// <summary>The content of a dataset's folder, wherever it stands: two folders with the same examples are the same.</summary>
internal static class FolderContent
{
    private const int Digits = 16;

    /// <summary>A digest of the content, in place of the folder's path; the path itself where the content cannot be read, which loading then reports.</summary>
    /// <param name="what">The data that is read of it.</param>
    /// <param name="folder">Its path.</param>
    /// <param name="content">The content piece by piece, in an order that does not depend on the place: names and bytes.</param>
    public static string Digest(string what, string folder, Func<IEnumerable<ReadOnlyMemory<byte>>> content)
    {
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(Encoding.UTF8.GetBytes(what + "\n"));
            foreach (var piece in content())
                hash.AppendData(piece.Span);
            return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset())[..Digits];
        }
        catch (Exception e) when (e is DataException or IOException or UnauthorizedAccessException)
        {
            return folder;
        }
    }

    /// <summary>The names of files below a folder, and their bytes.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="files">Paths of files in it.</param>
    public static IEnumerable<ReadOnlyMemory<byte>> Of(string folder, IEnumerable<string> files)
    {
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            var bytes = File.ReadAllBytes(file);
            yield return Encoding.UTF8.GetBytes($"{Path.GetRelativePath(folder, file).Replace('\\', '/')}\n{bytes.Length}\n");
            yield return bytes;
        }
    }
}
