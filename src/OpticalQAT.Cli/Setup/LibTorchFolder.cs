using System.IO.Compression;
using System.Security.Cryptography;
using OpticalQAT.Runtime;

namespace OpticalQAT.Cli.Setup;

/// <summary>
/// The native libraries of a set of packages, in one folder. A library that is too large for one package comes in pieces: the first as
/// <c>runtimes/PLATFORM/native/NAME</c> with its SHA-256 in <c>NAME.sha</c> beside it, the others, each in a package of its own, as
/// <c>fragments/…/NAME.fragment1</c>, <c>2</c> and so on, to be put behind it in that order.
/// </summary>
internal sealed class LibTorchFolder(string folder)
{
    private const string Fragment = ".fragment";
    private const string Checksum = ".sha";

    /// <summary>Unpacks all packages and puts together what comes in pieces.</summary>
    /// <exception cref="NativeRuntimeException">A piece is missing, or the whole is not what its checksum says.</exception>
    public void Fill(IReadOnlyList<FetchedPackage> packages, string platform)
    {
        Directory.CreateDirectory(folder);
        var pieces = new List<(string Library, int Number, string Package, string Entry)>();
        foreach (var package in packages)
        {
            using var archive = ZipFile.OpenRead(package.File);
            foreach (var entry in archive.Entries)
            {
                if (IsLibrary(entry, platform) || IsLicence(entry))
                    entry.ExtractToFile(Path.Combine(folder, entry.Name), overwrite: true);
                else if (entry.FullName.StartsWith("fragments/", StringComparison.Ordinal) && NumberOf(entry.Name) is var (library, number))
                    pieces.Add((library, number, package.File, entry.FullName));
            }
        }
        foreach (var (library, _, package, entry) in pieces.OrderBy(piece => piece.Library, StringComparer.Ordinal).ThenBy(piece => piece.Number))
            Append(library, package, entry);
        foreach (var checksum in Directory.EnumerateFiles(folder, "*" + Checksum).ToList())
            Check(checksum);
    }

    private static bool IsLibrary(ZipArchiveEntry entry, string platform) =>
        entry.Name.Length > 0 && string.Equals(entry.FullName, $"runtimes/{platform}/native/{entry.Name}", StringComparison.Ordinal);

    private static bool IsLicence(ZipArchiveEntry entry) => entry.FullName.StartsWith("LICENSE", StringComparison.Ordinal);

    private static (string Library, int Number)? NumberOf(string name)
    {
        var at = name.LastIndexOf(Fragment, StringComparison.Ordinal);
        return at > 0 && int.TryParse(name[(at + Fragment.Length)..], out var number) ? (name[..at], number) : null;
    }

    private void Append(string library, string package, string entry)
    {
        using var archive = ZipFile.OpenRead(package);
        using var piece = archive.GetEntry(entry)!.Open();
        using var whole = new FileStream(Path.Combine(folder, library), FileMode.Append);
        piece.CopyTo(whole);
    }

    private static void Check(string checksum)
    {
        var library = checksum[..^Checksum.Length];
        using (var stream = File.OpenRead(library))
        {
            if (!string.Equals(Convert.ToHexStringLower(SHA256.HashData(stream)), File.ReadAllText(checksum).Trim(), StringComparison.OrdinalIgnoreCase))
                throw new NativeRuntimeException($"{Path.GetFileName(library)}, put together from the pieces in its packages, is not what its checksum says: a piece is missing or damaged. Nothing was changed.");
        }
        File.Delete(checksum);
    }
}
