using NUnit.Framework;
using OpticalQAT.Models;
using OpticalQAT.Optics;
using OpticalQAT.Reports;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Reports;

public sealed class SideViewTests
{
    private const double Spacing = 0.019; // five ways of 19 of the 95 steps each: every mask stands on a step
    private const int StepsBetween = 19;

    private static readonly Grid Grid = new() { Size = 32, PixelPitch = new Length(0.75e-3) };
    private static readonly Propagator Propagator = new(new AngularSpectrum(), new Wave(new Length(0.75e-3)), Grid);

    [Test]
    public void The_view_begins_at_the_input_ends_at_the_output_and_passes_the_planes_of_the_masks()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var network = Network(delay: rand(32, 32) * (float)(2 * Math.PI));
        var input = rand(2, 32, 32).to(ScalarType.ComplexFloat32);

        var views = SideView.Of(network, input);
        var planes = network.Planes(input);

        Assert.That(views, Has.Length.EqualTo(2));
        Assert.That(views[0].GetLength(0), Is.EqualTo(5 * StepsBetween + 1));
        for (var example = 0; example < 2; example++)
        {
            Assert.That(At(views[example], 0), Is.EqualTo(Brightest(input, example)).Within(1e-6));
            for (var plane = 0; plane < planes.Count; plane++)
                Assert.That(At(views[example], (plane + 1) * StepsBetween), Is.EqualTo(Brightest(planes[plane], example)).Within(2e-4), $"plane {plane + 1}");
        }
    }

    [Test]
    public void Between_masks_that_do_nothing_the_light_runs_as_in_free_space()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var network = Network(delay: zeros(32, 32));
        var beam = Field.GaussianBeam(Grid, new Length(4e-3)).to(ScalarType.ComplexFloat32).unsqueeze(0);

        var view = SideView.Of(network, beam)[0];

        var middle = 2 * StepsBetween + 7;
        Assert.That(At(view, middle), Is.EqualTo(Brightest(Propagator.Propagate(beam, middle * Spacing / StepsBetween), 0)).Within(5e-3));
        Assert.That(At(view, 5 * StepsBetween).Max(), Is.LessThan(0.7 * At(view, 0).Max()), "the beam spreads");
    }

    private static DiffractiveNetwork Network(Tensor delay)
    {
        var relief = new ContinuousRelief(new Material(1.7227, 0, Propagator.Wave), bounds: null);
        var network = new DiffractiveNetwork(Propagator, new MaskStack(relief, stack(Enumerable.Repeat(delay, 4)), new MaskFrame(1)), [.. Enumerable.Repeat(new Length(Spacing), 5)]);
        network.eval();
        return network;
    }

    private static float[] At(float[,] view, int z) => [.. Enumerable.Range(0, view.GetLength(1)).Select(y => view[z, y])];

    private static float[] Brightest(Tensor field, int example) => Field.Intensity(field)[example].amax(1).data<float>().ToArray();
}
