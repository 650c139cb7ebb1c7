namespace OpticalQAT.Formats;

/// <summary>The types of elements that are read from IDX files: integers, by the number that stands for them in the header.</summary>
public enum IdxType
{
    /// <summary>From 0 to 255.</summary>
    UnsignedByte = 0x08,

    /// <summary>From -128 to 127.</summary>
    SignedByte = 0x09,

    /// <summary>16 bits with a sign, the highest byte first.</summary>
    Short = 0x0b,

    /// <summary>32 bits with a sign, the highest byte first.</summary>
    Int = 0x0c,
}
