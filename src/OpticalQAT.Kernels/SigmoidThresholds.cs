using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OpticalQAT.Kernels;

/// <summary>
/// The multi-level sigmoid at the thresholds around a cell, for one steepness k: with e = exp(-k·(x-c-½)) in cell c, the sigmoid of
/// the threshold j cells on is 1/(1 + e·exp(k·j)).
/// </summary>
/// <param name="steepness">k per level unit.</param>
/// <param name="levels">The number of levels.</param>
/// <param name="closes">Whether they close to a circle.</param>
/// <param name="ratios">exp(k·j) for j from minus to plus the window.</param>
/// <param name="isStraight">Whether the sum is the position itself.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct SigmoidThresholds(float steepness, int levels, bool closes, float[] ratios, bool isStraight)
{
    private const int Lanes = 16;

    private readonly float _steepness = steepness;
    private readonly int _levels = levels;
    private readonly bool _closes = closes;
    private readonly float[] _ratios = ratios;
    private readonly bool _isStraight = isStraight;

    private int Window => _ratios.Length / 2;

    /// <summary>Value and slopes at positions.</summary>
    /// <param name="position">The first of the positions, level units.</param>
    /// <param name="value">The first of as many floats, written.</param>
    /// <param name="slope">The same for the slopes by the position, or a null reference.</param>
    /// <param name="rise">The same for the slopes by the steepness, or a null reference.</param>
    /// <param name="count">The number of positions.</param>
    public void Evaluate(ref float position, ref float value, ref float slope, ref float rise, long count)
    {
        Span<float> rest = stackalloc float[Lanes];
        fixed (float* x = &position, y = &value, dy = &slope, dk = &rise)
        {
            var k = 0L;
            for (; k + Lanes <= count; k += Lanes)
            {
                var (sum, steep, steepening) = At(Vector512.Load(x + k), dk is not null);
                sum.Store(y + k);
                if (dy is not null)
                    steep.Store(dy + k);
                if (dk is not null)
                    steepening.Store(dk + k);
            }
            if (k == count)
                return;
            new Span<float>(x + k, (int)(count - k)).CopyTo(rest);
            var (sums, slopes, steepenings) = At(Vector512.Create<float>(rest), dk is not null);
            for (var i = 0; k < count; k++, i++)
            {
                y[k] = sums[i];
                if (dy is not null)
                    dy[k] = slopes[i];
                if (dk is not null)
                    dk[k] = steepenings[i];
            }
        }
    }

    /// <summary>Value and slope at positions, and how the value changes with the steepness where that is asked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (Vector512<float> Value, Vector512<float> Slope, Vector512<float> OfSteepness) At(Vector512<float> x, bool isLearnt)
    {
        if (_isStraight)
            return (x, Vector512<float>.One, Vector512<float>.Zero);
        var last = Vector512.Create(_levels - 2f);
        var cell = Vector512.Floor(x);
        if (!_closes)
            cell = Vector512.Min(Vector512.Max(cell, Vector512<float>.Zero), last);
        var above = x - cell - Vector512.Create(0.5f);
        var e = Vector512.Exp(-_steepness * above);
        var lowest = cell - Vector512.Create((float)Window);
        var sum = _closes ? lowest : Vector512.Max(lowest, Vector512<float>.Zero);
        var slope = Vector512<float>.Zero;
        var moment = Vector512<float>.Zero;
        for (var j = 0; j < _ratios.Length; j++)
        {
            var sigmoid = Vector512<float>.One / (Vector512<float>.One + e * _ratios[j]);
            if (!_closes)
            {
                var threshold = lowest + Vector512.Create((float)j);
                sigmoid &= Vector512.GreaterThanOrEqual(threshold, Vector512<float>.Zero) & Vector512.LessThanOrEqual(threshold, last);
            }
            var steep = sigmoid * (Vector512<float>.One - sigmoid);
            sum += sigmoid;
            slope += steep;
            if (isLearnt)
                moment += steep * Vector512.Create((float)(j - Window));
        }
        return (sum, slope * _steepness, slope * above - moment);
    }
}
