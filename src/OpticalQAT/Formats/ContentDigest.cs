using System.Security.Cryptography;
using System.Text;
using TorchSharp;

namespace OpticalQAT.Formats;

/// <summary>
/// A digest of all that a safetensors file says, however it is laid out: for each text, in the order of the names,
/// <c>name LF length LF text LF</c>, the length in bytes of UTF-8; then for each tensor, in the order of the names,
/// <c>name LF dtype LF shape LF</c>, the shape with commas, and the bytes as they stand in the file.
/// </summary>
public static class ContentDigest
{
    /// <summary><c>sha256:</c> and 64 hexadecimal digits.</summary>
    /// <param name="tensors">The tensors by name.</param>
    /// <param name="texts">The texts by name, without the digest itself.</param>
    public static string Of(IReadOnlyDictionary<string, torch.Tensor> tensors, IEnumerable<KeyValuePair<string, string>> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, text) in texts.OrderBy(each => each.Key, StringComparer.Ordinal))
            Append($"{name}\n{Encoding.UTF8.GetByteCount(text)}\n{text}\n");
        foreach (var (name, tensor) in tensors.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            Append($"{name}\n{SafetensorsHeader.TypeName(tensor.dtype)}\n{string.Join(',', tensor.shape)}\n");
            hash.AppendData(TensorBytes.Read(tensor));
        }
        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));
    }
}
