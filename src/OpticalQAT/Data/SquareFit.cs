namespace OpticalQAT.Data;

/// <summary>The treatment of examples that are not square, as the object is that they become.</summary>
public enum SquareFit
{
    /// <summary>The longer side is kept and the rest filled: dark, which is without phase, and clear. Nothing is lost, and nothing is out of shape.</summary>
    Pad,

    /// <summary>The shorter side is kept, and the middle cut out.</summary>
    Crop,

    /// <summary>Everything is squeezed into the object's square, out of shape.</summary>
    Stretch,
}
