namespace OpticalQAT.Studies;

/// <summary>
/// Student's t distribution for a whole number of degrees of freedom, where the probability is a finite sum
/// (Abramowitz &amp; Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4).
/// </summary>
public static class StudentT
{
    /// <summary>The t for which |T| stays below t with the given probability: 12.706 for 95 % and one degree of freedom.</summary>
    /// <param name="probability">Between 0 and 1, both excluded.</param>
    /// <param name="degrees">Degrees of freedom, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is outside its range.</exception>
    public static double TwoSided(double probability, int degrees)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degrees, 1);
        if (probability is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "a probability between 0 and 1 is needed");
        // The probability rises with the angle θ = atan(t/√ν): halving it finds the angle to the last bit.
        var (low, high) = (0.0, Math.PI / 2);
        while (true)
        {
            var middle = (low + high) / 2;
            if (middle <= low || middle >= high)
                return Math.Sqrt(degrees) * Math.Tan(low);
            (low, high) = Probability(middle, degrees) < probability ? (middle, high) : (low, middle);
        }
    }

    /// <summary>P(|T| below t).</summary>
    /// <param name="angle">θ = atan(t/√ν).</param>
    /// <param name="degrees">ν.</param>
    private static double Probability(double angle, int degrees)
    {
        var (sine, cosine) = Math.SinCos(angle);
        var isOdd = degrees % 2 == 1;
        // Odd: cosθ + ⅔cos³θ + (2·4)/(3·5)cos⁵θ + …; even: 1 + ½cos²θ + (1·3)/(2·4)cos⁴θ + …; both up to cosθ^(ν-2).
        var (term, sum) = (isOdd ? cosine : 1, 0.0);
        for (var power = isOdd ? 1 : 0; power <= degrees - 2; power += 2)
        {
            sum += term;
            term *= cosine * cosine * (power + 1) / (power + 2);
        }
        return isOdd ? 2 / Math.PI * (angle + sine * sum) : sine * sum;
    }
}
