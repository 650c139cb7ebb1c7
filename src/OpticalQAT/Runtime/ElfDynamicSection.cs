using System.Buffers.Binary;
using System.Text;

namespace OpticalQAT.Runtime;

/// <summary>The entries of a dynamic section that are read here (<c>DT_…</c> in elf.h).</summary>
internal enum ElfTag : long
{
    End = 0,
    Needed = 1,
    PltRelocationsSize = 2,
    Strings = 5,
    Rela = 7,
    RelaSize = 8,
    OwnName = 14,
    Rel = 17,
    PltRelocations = 23,
    SymbolVersions = 0x6ffffff0,
    VersionNeed = 0x6ffffffe,
    VersionNeedCount = 0x6fffffff,
}

/// <summary>The dynamic section of a 64-bit little-endian ELF file, and its map from addresses to file offsets.</summary>
internal sealed class ElfDynamicSection
{
    private const uint LoadSegment = 1;
    private const uint DynamicSegment = 2;

    private readonly List<(ElfTag Tag, ulong Value, int At)> _entries = [];
    private readonly List<(ulong Address, ulong Offset, ulong Size)> _segments = [];

    private ElfDynamicSection()
    {
    }

    /// <exception cref="InvalidDataException">Not an ELF file of this kind, or without a dynamic section.</exception>
    public static ElfDynamicSection Read(ReadOnlySpan<byte> image)
    {
        if (image.Length < 64 || !image.StartsWith("\x7f\x45LF"u8) || image[4] != 2 || image[5] != 1)
            throw new InvalidDataException("Not a 64-bit little-endian ELF file.");
        var section = new ElfDynamicSection();
        var headers = (int)UInt64(image, 32);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(image[54..]), count = BinaryPrimitives.ReadUInt16LittleEndian(image[56..]);
        for (var i = 0; i < count; i++)
            section.ReadSegment(image, headers + i * size);
        if (section._entries.Count == 0)
            throw new InvalidDataException("The ELF file has no dynamic section: it is not a shared library.");
        return section;
    }

    /// <summary>The entries in the file's order: what each is, its value, and where in the file that value stands.</summary>
    public IReadOnlyList<(ElfTag Tag, ulong Value, int At)> Entries => _entries;

    /// <summary>The number that an entry holds, 0 where there is none.</summary>
    public long Value(ElfTag tag) => Find(tag) is { } value ? checked((long)value) : 0;

    /// <summary>The text at an offset of the string table.</summary>
    /// <exception cref="InvalidDataException">There is no string table.</exception>
    public string StringAt(ReadOnlySpan<byte> image, ulong offset)
    {
        var start = FileOffset(ElfTag.Strings) ?? throw new InvalidDataException("The ELF file has no string table.");
        var rest = image[checked(start + (int)offset)..];
        return Encoding.ASCII.GetString(rest[..Math.Max(0, rest.IndexOf((byte)0))]);
    }

    /// <summary>The offset in the file of the table that an entry points at; null where there is no such entry.</summary>
    /// <exception cref="InvalidDataException">The entry's address lies in no part of the file.</exception>
    public int? FileOffset(ElfTag tag)
    {
        if (Find(tag) is not { } address)
            return null;
        foreach (var segment in _segments)
        {
            if (address >= segment.Address && address - segment.Address < segment.Size)
                return checked((int)(address - segment.Address + segment.Offset));
        }
        throw new InvalidDataException($"The ELF file is damaged: its entry {tag} points at no part of the file.");
    }

    private void ReadSegment(ReadOnlySpan<byte> image, int at)
    {
        var kind = BinaryPrimitives.ReadUInt32LittleEndian(image[at..]);
        var (offset, address, size) = (UInt64(image, at + 8), UInt64(image, at + 16), UInt64(image, at + 32));
        if (kind == LoadSegment)
            _segments.Add((address, offset, size));
        if (kind != DynamicSegment)
            return;
        for (var entry = (int)offset; entry < (int)(offset + size); entry += 16)
        {
            var tag = (ElfTag)(long)UInt64(image, entry);
            if (tag == ElfTag.End)
                break;
            _entries.Add((tag, UInt64(image, entry + 8), entry + 8));
        }
    }

    private ulong? Find(ElfTag tag)
    {
        foreach (var entry in _entries)
        {
            if (entry.Tag == tag)
                return entry.Value;
        }
        return null;
    }

    private static ulong UInt64(ReadOnlySpan<byte> image, int offset) =>
        BinaryPrimitives.ReadUInt64LittleEndian(image[offset..]);
}
