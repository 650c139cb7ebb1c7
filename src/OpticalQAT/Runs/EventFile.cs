using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;
using Tensorboard;

namespace OpticalQAT.Runs;

/// <summary>
/// TensorBoard's event file: records of a length, its checksum, the bytes of one event, and their checksum, as
/// TensorFlow's TFRecord format has them. The checksum is CRC-32C, rotated and shifted so that a checksum of checksums
/// is one still.
/// </summary>
public static class EventFile
{
    private const int HeadLength = sizeof(ulong) + sizeof(uint);
    private const uint MaskDelta = 0xA282EAD8;

    /// <summary>Writes an event behind the last one.</summary>
    /// <param name="file">The file; made if it is not there.</param>
    /// <param name="happened">The event.</param>
    public static void Append(string file, Event happened)
    {
        var content = happened.ToByteArray();
        var record = new byte[HeadLength + content.Length + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(sizeof(ulong)), Checksum(record.AsSpan(0, sizeof(ulong))));
        content.CopyTo(record.AsSpan(HeadLength));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(HeadLength + content.Length), Checksum(content));
        // One write for each record: whoever reads meanwhile meets at most one that is cut off, at the end.
        using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        stream.Write(record);
    }

    /// <summary>The events of a file up to its end, or to the first record that is cut off or damaged.</summary>
    /// <param name="file">The file.</param>
    /// <param name="damage">The fault of the record that follows; null at the end, and before a last record that a process which was killed did not finish.</param>
    public static IReadOnlyList<Event> Read(string file, out string? damage)
    {
        ReadOnlySpan<byte> rest = File.ReadAllBytes(file);
        List<Event> events = [];
        damage = null;
        while (damage is null && TryTake(ref rest, out var content, out damage))
        {
            try
            {
                events.Add(Event.Parser.ParseFrom(content.ToArray())); // these messages were generated before spans could be parsed
            }
            catch (InvalidProtocolBufferException)
            {
                damage = "it is no event";
            }
        }
        return events;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> content, out string? damage)
    {
        content = default;
        damage = null;
        if (rest.Length < HeadLength)
            return false;
        if (!Matches(rest[..sizeof(ulong)], rest[sizeof(ulong)..]))
        {
            damage = "its length does not match its checksum";
            return false;
        }
        var length = BinaryPrimitives.ReadUInt64LittleEndian(rest);
        if (length > (ulong)rest.Length || rest.Length - (int)length < HeadLength + sizeof(uint))
            return false;
        content = rest.Slice(HeadLength, (int)length);
        if (!Matches(content, rest[(HeadLength + content.Length)..]))
        {
            damage = "its content does not match its checksum";
            return false;
        }
        rest = rest[(HeadLength + content.Length + sizeof(uint))..];
        return true;
    }

    private static bool Matches(ReadOnlySpan<byte> content, ReadOnlySpan<byte> checksum) =>
        BinaryPrimitives.ReadUInt32LittleEndian(checksum) == Checksum(content);

    private static uint Checksum(ReadOnlySpan<byte> content)
    {
        var crc = uint.MaxValue;
        for (; content.Length >= sizeof(ulong); content = content[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(content));
        foreach (var value in content)
            crc = BitOperations.Crc32C(crc, value);
        return BitOperations.RotateRight(~crc, 15) + MaskDelta;
    }
}
