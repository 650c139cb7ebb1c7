using OpticalQAT.Formats;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Support;

/// <summary>Models' files that somebody has changed.</summary>
internal static class ModelFiles
{
    private const string Digest = "digest";

    /// <summary>Changes a file and seals it anew, as whoever means to deceive does.</summary>
    public static void Change(string file, Action<Dictionary<string, Tensor>, Dictionary<string, string>> change)
    {
        using var scope = NewDisposeScope();
        var (tensors, texts) = Read(file);
        change(tensors, texts);
        texts.Remove(Digest);
        texts.Add(Digest, ContentDigest.Of(tensors, texts));
        SafetensorsFile.Write(file, tensors, texts);
    }

    /// <summary>Changes a file and leaves its seal as it was.</summary>
    public static void ChangeUnsealed(string file, Action<Dictionary<string, Tensor>, Dictionary<string, string>> change)
    {
        using var scope = NewDisposeScope();
        var (tensors, texts) = Read(file);
        change(tensors, texts);
        SafetensorsFile.Write(file, tensors, texts);
    }

    /// <summary>Makes it a file of format 1, which had no seal and no names.</summary>
    public static void MakeOld(string file) => ChangeUnsealed(file, (_, texts) =>
    {
        texts["opticalqat"] = "1";
        texts.Remove(Digest);
        texts.Remove("classes");
    });

    private static (Dictionary<string, Tensor> Tensors, Dictionary<string, string> Texts) Read(string file)
    {
        var stored = SafetensorsFile.Read(file);
        return (new(stored.Tensors, StringComparer.Ordinal), new(stored.Metadata, StringComparer.Ordinal));
    }
}
