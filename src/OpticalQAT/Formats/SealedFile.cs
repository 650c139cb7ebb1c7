using System.Security.Cryptography;
using TorchSharp;

namespace OpticalQAT.Formats;

/// <summary>
/// A safetensors file that notices damage: its last tensor, 32 bytes, is the SHA-256 of all bytes before it, header
/// included. Every other reader sees one more tensor.
/// </summary>
public static class SealedFile
{
    /// <summary>The name of the tensor with the checksum; in the file's layout it comes behind all others.</summary>
    public const string SealName = "~sha256";

    /// <summary>Writes tensors and texts under a seal.</summary>
    /// <exception cref="ArgumentException">A tensor's type or name has no place in the format.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, torch.Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var place = torch.zeros(SHA256.HashSizeInBytes, dtype: torch.ScalarType.Byte);
        var all = tensors.Append(new(SealName, place)).ToDictionary(StringComparer.Ordinal);
        AtomicFile.Write(path, file =>
        {
            using var sha = SHA256.Create();
            using (var hashed = new CryptoStream(file, sha, CryptoStreamMode.Write, leaveOpen: true))
                SafetensorsFile.Write(hashed, all, metadata, withoutLast: true);
            file.Write(sha.Hash!);
        });
    }

    /// <summary>Reads a file whose seal is whole; the tensors belong to the caller's dispose scope, or to the caller.</summary>
    /// <exception cref="FileFormatException">A bit of the file has changed, or it has no seal.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafetensorsFile Read(string path)
    {
        using var stream = File.OpenRead(path);
        if (!IsWhole(stream))
            throw new FileFormatException(path, "its checksum is wrong: the file is damaged.");
        stream.Position = 0;
        var stored = SafetensorsFile.Read(path, stream);
        return stored with { Tensors = stored.Tensors.Where(t => t.Key is not SealName).ToDictionary(StringComparer.Ordinal) };
    }

    private static bool IsWhole(FileStream stream)
    {
        var left = stream.Length - SHA256.HashSizeInBytes;
        if (left < 0)
            return false;
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        while (left > 0)
        {
            var read = stream.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (read == 0)
                return false;
            sha.AppendData(buffer, 0, read);
            left -= read;
        }
        var seal = new byte[SHA256.HashSizeInBytes];
        stream.ReadExactly(seal);
        return sha.GetHashAndReset().AsSpan().SequenceEqual(seal);
    }
}
