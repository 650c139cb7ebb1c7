using System.Buffers.Binary;

namespace OpticalQAT.Tests.Support.Fuzzing;

/// <summary>Damages bytes as disks, networks and people do: flips, cuts, repeats, swaps, and words of the format in wrong places.</summary>
/// <param name="seed">The same seed gives the same damage.</param>
/// <param name="words">What the format gives a meaning to.</param>
internal sealed class Mutator(int seed, IReadOnlyList<byte[]> words)
{
    private static readonly uint[] Boundaries = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff];

    private readonly Random _random = new(seed);

    /// <summary>A choice among several.</summary>
    public T Pick<T>(IReadOnlyList<T> among) => among[_random.Next(among.Count)];

    /// <summary>Whether something of that probability happens.</summary>
    public bool Chance(double probability) => _random.NextDouble() < probability;

    /// <summary>A copy with one to four wounds.</summary>
    public byte[] Mutate(byte[] whole)
    {
        var bytes = whole.ToList();
        var wounds = 1 << _random.Next(3);
        for (var i = 0; i < wounds; i++)
            Wound(bytes);
        return [.. bytes];
    }

    private void Wound(List<byte> bytes)
    {
        var at = _random.Next(bytes.Count + 1);
        var length = Math.Min(bytes.Count - at, 1 + _random.Next(1 << _random.Next(1, 9)));
        switch (_random.Next(9))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                Repeat(bytes, at, length, _random.Next(1, Chance(0.02) ? 4000 : 4));
                break;
            case 5:
                WriteNumber(bytes, at);
                break;
            case 6:
                bytes.InsertRange(at, Noise(length));
                break;
            case 7 when words.Count > 0:
                bytes.InsertRange(at, Pick(words));
                break;
            case 8 when words.Count > 0:
                bytes.RemoveRange(at, length);
                bytes.InsertRange(at, Pick(words));
                break;
        }
    }

    private static void Repeat(List<byte> bytes, int at, int length, int times)
    {
        var piece = bytes.GetRange(at, length);
        bytes.InsertRange(at, Enumerable.Repeat(piece, times).SelectMany(part => part).Take(1 << 20));
    }

    /// <summary>Overwrites four bytes, or eight, with a number at which code tends to break.</summary>
    private void WriteNumber(List<byte> bytes, int at)
    {
        var number = new byte[Chance(0.5) ? 4 : 8];
        var value = Pick(Boundaries);
        if (Chance(0.5))
            BinaryPrimitives.WriteUInt32BigEndian(number, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(number, value);
        for (var i = 0; i < number.Length && at + i < bytes.Count; i++)
            bytes[at + i] = number[i];
    }

    private byte[] Noise(int length)
    {
        var noise = new byte[length];
        _random.NextBytes(noise);
        return noise;
    }
}
