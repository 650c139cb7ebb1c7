namespace OpticalQAT.Models;

/// <summary>What a mask can do to the light of a pixel.</summary>
public enum Modulation
{
    /// <summary>A printed height: it delays the light by the material's index, and absorbs by its extinction, both at once.</summary>
    Height,

    /// <summary>The phase alone, whatever makes it (a metasurface, a modulator). Heights then stand for optical paths: a level table lists paths, and one wave is one wavelength.</summary>
    Phase,

    /// <summary>The amplitude alone, from 0 to 1.</summary>
    Amplitude,

    /// <summary>Phase and amplitude, one independent of the other.</summary>
    Complex,
}
