using System.Buffers.Binary;
using NUnit.Framework;
using Tensorboard;

namespace OpticalQAT.Tests.Runs;

/// <summary>Reads event files as TensorBoard does, with the definition of the format and nothing of ours.</summary>
internal static class TensorBoardRecords
{
    /// <summary>Every event of a file; fails where a length or a checksum is not what it must be.</summary>
    public static List<Event> Read(string file)
    {
        var bytes = File.ReadAllBytes(file);
        List<Event> events = [];
        for (var at = 0; at < bytes.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
            Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)), Is.EqualTo(Masked(bytes.AsSpan(at, 8))), $"checksum of the length at {at}");
            Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)), Is.EqualTo(Masked(bytes.AsSpan(at + 12, length))), $"checksum of the record at {at}");
            events.Add(Event.Parser.ParseFrom(bytes, at + 12, length));
            at += 12 + length + 4;
        }
        return events;
    }

    /// <summary>A record with those bytes in it.</summary>
    public static byte[] Of(byte[] content)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)content.Length);
        return [.. length, .. BitConverter.GetBytes(Masked(length)), .. content, .. BitConverter.GetBytes(Masked(content))];
    }

    /// <summary>CRC-32C bit by bit: polynomial 0x1EDC6F41, reflected.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x82F63B78;
        }
        return ~crc;
    }

    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var crc = Crc32C(bytes);
        return unchecked(((crc >> 15) | (crc << 17)) + 0xA282EAD8u);
    }
}
