using System.Buffers.Binary;

namespace OpticalQAT.Runtime;

/// <summary>
/// Keeps TorchSharp from loading the application's own libtorch beside one that was chosen instead: the second would
/// register every operator again and end the process.
/// </summary>
/// <remarks>
/// TorchSharp's static constructor asks .NET for <c>torch_cpu</c>, and nothing managed is consulted before .NET has
/// searched the application's folder for <c>libtorch_cpu.so</c>. But it tries the plain name <c>torch_cpu.so</c> first,
/// and that the system's loader answers with whatever loaded library calls itself so. The few kilobytes of
/// <c>libtorch.so</c>, which only refer to the other libraries, make one: in a copy its own name is set to point into
/// "libtorch_cpu.so", which it lists as needed, three letters on.
/// </remarks>
internal static class LibTorchAlias
{
    private const string Needed = "libtorch_cpu.so";
    private const int PrefixLength = 3; // "lib"

    /// <summary>Makes the copy of <c>libtorch.so</c> and loads it.</summary>
    /// <param name="libtorch">The full path of the chosen <c>libtorch.so</c>, which is loaded already.</param>
    /// <param name="cacheFolder">The folder that the copy goes to.</param>
    /// <exception cref="InvalidDataException">The library does not refer to libtorch_cpu, or has no name.</exception>
    /// <exception cref="IOException">The copy cannot be written.</exception>
    /// <exception cref="DllNotFoundException">The copy does not load.</exception>
    public static void Load(string libtorch, string cacheFolder)
    {
        var image = Rename(File.ReadAllBytes(libtorch));
        DynamicLoader.Load(PatchedLibrary.Write(image, "torch_cpu.so", libtorch, applicationFolder: null, cacheFolder));
    }

    /// <summary>The library's bytes with the name <c>torch_cpu.so</c>.</summary>
    internal static byte[] Rename(byte[] libtorch)
    {
        var image = (byte[])libtorch.Clone();
        var dynamic = ElfDynamicSection.Read(image);
        var names = dynamic.Entries.Where(entry => entry.Tag == ElfTag.OwnName).ToArray();
        var needed = dynamic.Entries
            .Where(entry => entry.Tag == ElfTag.Needed && string.Equals(dynamic.StringAt(libtorch, entry.Value), Needed, StringComparison.Ordinal))
            .ToArray();
        if (names.Length != 1 || needed.Length != 1)
            throw new InvalidDataException($"libtorch.so does not have the usual form: a name, and {Needed} among what it needs.");
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(names[0].At), needed[0].Value + PrefixLength);
        return image;
    }
}
