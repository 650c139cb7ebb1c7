using System.Buffers.Binary;

namespace OpticalQAT.Runtime;

/// <summary>One symbol version that a shared library asks of another library.</summary>
/// <param name="File">The library that is asked, e.g. <c>libstdc++.so.6</c>.</param>
/// <param name="Name">The version, e.g. <c>GLIBCXX_3.4.32</c>.</param>
/// <param name="Index">The number by which the symbol table refers to it.</param>
/// <param name="FlagsOffset">The offset of its flags in the file, in bytes.</param>
/// <param name="IsWeak">A weak need that is not met is no error.</param>
/// <param name="IsUsed">Whether a relocation binds a symbol of this version: such a need is real.</param>
internal sealed record ElfVersionNeed(string File, string Name, ushort Index, int FlagsOffset, bool IsWeak, bool IsUsed);

/// <summary>
/// The version needs (<c>.gnu.version_r</c>) of a 64-bit little-endian ELF shared library, found through its dynamic
/// section, which is what the system's loader goes by.
/// </summary>
/// <remarks>
/// A library can ask for a version that nothing in it uses: GCC 13's headers mention
/// <c>_ZSt21ios_base_library_initv@GLIBCXX_3.4.32</c> without a relocation, so no code ever reaches it, and yet the
/// loader refuses the library on systems with an older libstdc++. Such a need may be marked weak.
/// Source: System V gABI, chapters 4 and 5; Linux Standard Base, "Symbol Versioning".
/// </remarks>
internal sealed class ElfVersionNeeds
{
    private const ushort WeakFlag = 2; // VER_FLG_WEAK

    private readonly byte[] _image;
    private readonly ElfDynamicSection _dynamic;

    private ElfVersionNeeds(byte[] image)
    {
        _image = image;
        _dynamic = ElfDynamicSection.Read(image);
        All = ReadNeeds();
    }

    /// <summary>Every version need, in the file's order.</summary>
    public IReadOnlyList<ElfVersionNeed> All { get; }

    /// <summary>Reads the needs of a library's bytes.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such library, or damaged.</exception>
    public static ElfVersionNeeds Read(byte[] image)
    {
        try
        {
            return new ElfVersionNeeds(image);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("The ELF file is damaged: an address in it points outside.", e);
        }
    }

    /// <summary>
    /// A copy of the library in which the needs that no relocation uses are weak, and those needs; the copy equals the
    /// original where there are none.
    /// </summary>
    public (byte[] Image, IReadOnlyList<ElfVersionNeed> Weakened) WeakenUnused()
    {
        var copy = (byte[])_image.Clone();
        var weakened = All.Where(need => !need.IsUsed && !need.IsWeak).ToArray();
        foreach (var need in weakened)
        {
            var flags = copy.AsSpan(need.FlagsOffset, 2);
            BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | WeakFlag));
        }
        return (copy, weakened);
    }

    private List<ElfVersionNeed> ReadNeeds()
    {
        var used = UsedVersions();
        var needs = new List<ElfVersionNeed>();
        var entry = _dynamic.FileOffset(ElfTag.VersionNeed);
        for (var left = _dynamic.Value(ElfTag.VersionNeedCount); entry is not null && left > 0; left--)
        {
            var at = entry.Value;
            var file = _dynamic.StringAt(_image, UInt32(at + 4));
            var auxiliary = at + (int)UInt32(at + 8);
            for (int i = 0, count = UInt16(at + 2); i < count; i++)
            {
                var flags = UInt16(auxiliary + 4);
                var index = UInt16(auxiliary + 6);
                needs.Add(new ElfVersionNeed(
                    file, _dynamic.StringAt(_image, UInt32(auxiliary + 8)), index, auxiliary + 4, (flags & WeakFlag) != 0, used.Contains(index)));
                auxiliary += (int)UInt32(auxiliary + 12);
            }
            var next = (int)UInt32(at + 12); // 0 ends the list, whatever the count says
            entry = next == 0 ? null : at + next;
        }
        return needs;
    }

    private HashSet<ushort> UsedVersions()
    {
        var used = new HashSet<ushort>();
        if (_dynamic.FileOffset(ElfTag.SymbolVersions) is { } versions)
        {
            foreach (var symbol in RelocatedSymbols())
                used.Add((ushort)(UInt16(versions + 2 * symbol) & 0x7fff)); // the top bit says "hidden"
        }
        return used;
    }

    private HashSet<int> RelocatedSymbols()
    {
        const int EntrySize = 24; // Elf64_Rela: offset, info, addend; the symbol is the upper half of info
        if (_dynamic.FileOffset(ElfTag.Rel) is not null)
            throw new InvalidDataException("The ELF file has REL relocations, which this reader does not know.");
        var symbols = new HashSet<int>();
        foreach (var (table, size) in new[] { (ElfTag.Rela, ElfTag.RelaSize), (ElfTag.PltRelocations, ElfTag.PltRelocationsSize) })
        {
            if (_dynamic.FileOffset(table) is not { } start)
                continue;
            for (var at = start; at < start + _dynamic.Value(size); at += EntrySize)
                symbols.Add((int)UInt32(at + 12));
        }
        return symbols;
    }

    private ushort UInt16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_image.AsSpan(offset, 2));

    private uint UInt32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_image.AsSpan(offset, 4));
}
