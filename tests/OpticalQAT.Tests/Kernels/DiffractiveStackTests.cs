using System.Numerics;
using NUnit.Framework;
using OpticalQAT.Kernels;

namespace OpticalQAT.Tests.Kernels;

/// <summary>The engine on plain arrays against the sums of the definition in double precision.</summary>
public sealed class DiffractiveStackTests
{
    private const int Points = 5;
    private const int Padded = 10;
    private const int Layers = 2;
    private const int Batch = 3;
    private const int Plane = Points * Points;

    private readonly Complex[][] _transfers = [.. Enumerable.Range(0, Layers).Select(l => Random(Padded * Padded, 10 + l))];
    private readonly Complex[] _fields = Random(Batch * Plane, 1);
    private readonly Complex[] _masks = Random(Layers * Plane, 2);
    private readonly Complex[] _weights = Random(Batch * Plane, 3);

    [Test]
    public void The_output_is_that_of_the_definition([Values(128, 256, 512)] int vectorBits, [Values(1, 2)] int threads, [Values] bool masked)
    {
        var output = new float[2 * Batch * Plane];
        Stack(vectorBits, threads).Forward(Floats(_fields), masked ? Floats(_masks) : [], output);
        AssertEqual(output, Through(_fields, masked ? _masks : null));
    }

    /// <summary>Of the loss Re Σ conj(w)·u, along a random direction: what the gradient says, and what the loss does.</summary>
    [Test]
    public void The_gradients_are_the_slopes_of_the_loss([Values(128, 256, 512)] int vectorBits, [Values(1, 2)] int threads)
    {
        var stack = Stack(vectorBits, threads);
        var saved = stack.Save();
        var (ofMasks, ofFields) = (new float[2 * Layers * Plane], new float[2 * Batch * Plane]);
        stack.Forward(Floats(_fields), Floats(_masks), new float[2 * Batch * Plane], saved);
        stack.Backward(Floats(_weights), saved, ofMasks, ofFields);
        var (masks, fields) = (Random(Layers * Plane, 4), Random(Batch * Plane, 5));
        Assert.That(Along(ofMasks, masks), Is.EqualTo(Slope(step => Through(_fields, Moved(_masks, masks, step)))).Within(1e-4));
        Assert.That(Along(ofFields, fields), Is.EqualTo(Slope(step => Through(Moved(_fields, fields, step), _masks))).Within(1e-4));
    }

    [Test]
    public void Without_masks_the_gradient_of_the_fields_is_the_adjoint()
    {
        var stack = Stack(256, threads: 1);
        var ofFields = new float[2 * Batch * Plane];
        stack.Backward(Floats(_weights), saved: null, maskGradient: [], ofFields);
        var fields = Random(Batch * Plane, 5);
        Assert.That(Along(ofFields, fields), Is.EqualTo(Slope(step => Through(Moved(_fields, fields, step), null))).Within(1e-4));
    }

    [Test]
    public void What_is_not_asked_for_is_left_out_and_an_empty_part_of_an_array_is_nothing()
    {
        var stack = Stack(256, threads: 1);
        var saved = stack.Save();
        var output = new float[2 * Batch * Plane];
        stack.Forward(Floats(_fields), Floats(_masks).AsSpan(7, 0), output);
        AssertEqual(output, Through(_fields, null));
        stack.Forward(Floats(_fields), Floats(_masks), output, saved);
        var untouched = new float[4];
        stack.Backward(Floats(_weights), saved, untouched.AsSpan(1, 0), untouched.AsSpan(1, 0));
        Assert.That(untouched, Is.All.Zero);
    }

    [Test]
    public void What_does_not_fit_is_refused()
    {
        var stack = Stack(256, threads: 1);
        var (fields, masks, output) = (Floats(_fields), Floats(_masks), new float[2 * Batch * Plane]);
        var foreign = Stack(256, threads: 1).Save();
        var saved = stack.Save();
        Assert.Multiple(() =>
        {
            Assert.That(() => stack.Forward(fields.AsSpan(1), masks, output), Throws.ArgumentException);
            Assert.That(() => stack.Forward([], masks, output), Throws.ArgumentException);
            Assert.That(() => stack.Forward(fields, masks.AsSpan(2 * Plane), output), Throws.ArgumentException);
            Assert.That(() => stack.Forward(fields, masks, output.AsSpan(2 * Plane)), Throws.ArgumentException);
            Assert.That(() => stack.Forward(fields, masks, output, foreign), Throws.ArgumentException.With.Message.Contains("another stack"));
            Assert.That(() => stack.Backward(output, saved, masks, []), Throws.ArgumentException.With.Message.Contains("0 samples"));
            Assert.That(() => new DiffractiveStack(Points, Padded, []), Throws.ArgumentException);
            Assert.That(() => new DiffractiveStack(Points, Padded, [new Complex[99]]), Throws.ArgumentException);
            Assert.That(() => new DiffractiveStack(Points, 7, [new Complex[49]]), Throws.ArgumentException);
            Assert.That(() => new DiffractiveStack(Points, Padded, _transfers, vectorBits: 64), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => stack.Threads = 0, Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
    }

    [TestCase(1, 4)]
    [TestCase(3, 6)]
    [TestCase(64, 128)]
    [TestCase(100, 200)]
    public void The_sufficient_padding_is_the_smallest_that_has_a_plan(int points, int padded)
    {
        Assert.That(DiffractiveStack.SufficientPadding(points), Is.EqualTo(padded));
        Assert.That(Enumerable.Range(2 * points - 1, padded - 2 * points + 1).Where(size => DiffractiveStack.Supports(points, size)), Is.Empty);
        Assert.That(DiffractiveStack.Supports(points, padded));
    }

    private static Complex[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => new Complex((float)(random.NextDouble() - 0.5), (float)(random.NextDouble() - 0.5)))];
    }

    private static float[] Floats(Complex[] values) => [.. values.SelectMany(value => new[] { (float)value.Real, (float)value.Imaginary })];

    private static Complex[] Moved(Complex[] values, Complex[] direction, double step) => [.. values.Zip(direction, (a, d) => a + step * d)];

    private static double Along(float[] gradient, Complex[] direction) => gradient.Zip(Floats(direction), (g, d) => (double)g * d).Sum();

    private static void AssertEqual(float[] actual, Complex[] expected) =>
        Assert.That(actual.Chunk(2).Zip(expected, (a, b) => (new Complex(a[0], a[1]) - b).Magnitude).Max(), Is.LessThan(1e-6));

    private double Slope(Func<double, Complex[]> output) => (Loss(output(1e-4)) - Loss(output(-1e-4))) / 2e-4;

    private double Loss(Complex[] output) => output.Zip(_weights, (u, w) => (Complex.Conjugate(w) * u).Real).Sum();

    private DiffractiveStack Stack(int vectorBits, int threads) => new(Points, Padded, _transfers, vectorBits) { Threads = threads };

    private Complex[] Through(Complex[] fields, Complex[]? masks) => [.. fields.Chunk(Plane).SelectMany(field =>
    {
        for (var l = 0; l < Layers; l++)
            field = Propagate([.. field.Select((u, i) => masks is null ? u : u * masks[l * Plane + i])], _transfers[l]);
        return field;
    })];

    private static Complex[] Propagate(Complex[] field, Complex[] transfer)
    {
        var padded = new Complex[Padded * Padded];
        for (var i = 0; i < Plane; i++)
            padded[i / Points * Padded + i % Points] = field[i];
        var spectrum = Transform(padded, -1);
        var back = Transform([.. spectrum.Zip(transfer, (u, h) => u * h)], 1);
        return [.. Enumerable.Range(0, Plane).Select(i => back[i / Points * Padded + i % Points] / (Padded * Padded))];
    }

    private static Complex[] Transform(Complex[] plane, int sign)
    {
        var turned = Enumerable.Range(0, Padded * Padded).Select(i => Sum(x => plane[i % Padded * Padded + x], i / Padded)).ToArray(); // [frequency x, y]
        return [.. Enumerable.Range(0, Padded * Padded).Select(i => Sum(y => turned[i % Padded * Padded + y], i / Padded))];

        Complex Sum(Func<int, Complex> value, int frequency) =>
            Enumerable.Range(0, Padded).Aggregate(Complex.Zero, (sum, j) => sum + value(j) * Complex.FromPolarCoordinates(1, sign * 2 * Math.PI * j * frequency / Padded));
    }
}
