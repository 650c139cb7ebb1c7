namespace OpticalQAT.Formats;

/// <summary>The words of a Netpbm file, one after another: comments run from # to the end of their line.</summary>
internal sealed class NetpbmText(string path) : IDisposable
{
    private const int End = -1;

    private readonly FileStream _file = File.OpenRead(path);

    /// <summary>The bytes that have not been read.</summary>
    public long BytesLeft => _file.Length - _file.Position;

    /// <summary>The digit after the P with which the file begins.</summary>
    public char ReadForm()
    {
        _ = _file.ReadByte();
        return (char)_file.ReadByte();
    }

    /// <summary>The next number, and the one space behind it.</summary>
    /// <param name="what">For messages.</param>
    /// <exception cref="FileFormatException">There is none, or it has no place in 31 bits.</exception>
    public int ReadNumber(string what)
    {
        var digit = SkipSpace();
        if (digit == End)
            throw new FileFormatException(path, $"it ends before {what}: it is cut off. Fetch it again, or take it out of the set.");
        var number = 0L;
        for (; digit is >= '0' and <= '9'; digit = _file.ReadByte())
        {
            number = 10 * number + digit - '0';
            if (number > int.MaxValue)
                throw new FileFormatException(path, $"a number in it is too large, where {what} should stand: it is damaged.");
        }
        // Where nothing follows, digits of the last number may be missing.
        if (digit == End)
            throw new FileFormatException(path, $"it ends within a number, where {what} should stand: it is cut off, or lacks the end of its last line. Fetch it again, or add that.");
        return IsSpace(digit) ? (int)number
            : throw new FileFormatException(path, $"it holds the character {digit} (of ASCII) where {what} should stand: it is damaged, or another format under this ending.");
    }

    /// <summary>Fills bytes.</summary>
    /// <exception cref="FileFormatException">There are too few.</exception>
    public void ReadBytes(Span<byte> bytes)
    {
        if (_file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new FileFormatException(path, "it ends before all its pixels: it is cut off. Fetch it again, or take it out of the set.");
    }

    /// <summary>Whether anything but space and comments follows.</summary>
    public bool HasMore() => SkipSpace() != End;

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private int SkipSpace()
    {
        var next = _file.ReadByte();
        while (IsSpace(next) || next == '#')
        {
            if (next == '#')
            {
                while (next is not ('\n' or '\r' or End))
                    next = _file.ReadByte();
            }
            else
            {
                next = _file.ReadByte();
            }
        }
        return next;
    }

    private static bool IsSpace(int character) => character is ' ' or (>= '\t' and <= '\r');
}
