namespace OpticalQAT.PublicApi.Tests;

/// <summary>Experiments that are made of kinds of this assembly, small enough to be trained in a blink.</summary>
internal static class OwnExperiments
{
    /// <summary>A classifier of bars.</summary>
    public const string Classifier = """
        name: bars
        device: cpu
        optics:
          wavelength: 0.75 mm
          grid: { size: 24, pixel_pitch: 0.75 mm }
          propagator: { kind: fog, mean_free_path: 100 mm }
        model:
          kind: lone_mask
          before: 12 mm
          behind: 12 mm
          mask: { dispersion: { kind: cauchy, a: 1.6, b: 0.05 } }
        quantizer:
          kind: eased
          levels: { kind: square_roots, count: 4 }
          switch_on: { kind: smooth }
        task:
          kind: classification
          encoding: { kind: negative }
          detector: { kind: stripes, count: 2 }
          readout: { kind: offsets }
          dataset: { kind: bars }
        perturbation:
          errors: [{ kind: warp, amount: 20 um }]
        training:
          batch_size: 12
          full_precision: { epochs: 2, optimizer: { kind: rms_prop, learning_rate: 0.02 }, schedule: { kind: halving } }
          quantized: { epochs: 1, optimizer: { kind: rms_prop } }
        """;

    /// <summary>Images of phases, by a liquid crystal.</summary>
    public const string Imager = """
        name: crystal
        device: cpu
        optics:
          wavelength: 632.8 nm
          grid: { size: 32, pixel_pitch: 316.4 nm }
        model:
          kind: lone_mask
          before: 2 um
          behind: 2 um
          mask: { modulation: { kind: liquid_crystal, absorption: 0.02 } }
        quantizer: { kind: straight_through, levels: { kind: cyclic, count: 4 } }
        task:
          kind: phase_imaging
          object_samples: 16
          loss: { kind: charbonnier }
          dataset: { kind: cells, train_count: 16, validation_count: 8, test_count: 8 }
        training:
          batch_size: 8
          full_precision: { epochs: 1 }
          quantized: { epochs: 1 }
        """;

    /// <summary>A task that the library does not know.</summary>
    public const string Lens = """
        name: lens
        device: cpu
        optics:
          wavelength: 0.75 mm
          grid: { size: 24, pixel_pitch: 0.75 mm }
        model:
          kind: lone_mask
          before: 6 mm
          behind: 12 mm
          mask: { modulation: phase }
        quantizer: { kind: straight_through, levels: { kind: cyclic, count: 4 } }
        task: { kind: focusing, dataset: { kind: bars } }
        training:
          batch_size: 12
          full_precision: { epochs: 2 }
          quantized: { epochs: 1 }
        """;

    /// <summary>A matrix from one aperture to another, at eight levels.</summary>
    public const string Matrix = """
        name: matrix
        device: cpu
        optics: { wavelength: 0.75 mm, grid: { size: 24, pixel_pitch: 0.75 mm } }
        model:
          kind: diffractive_network
          layers: 3
          spacing: { input: 9 mm, between: 9 mm, output: 9 mm }
          mask: { modulation: phase }
        quantizer: { kind: straight_through, levels: { kind: cyclic, count: 8 } }
        task: { kind: linear_transform, elements: 2, samples: 4, dataset: { kind: glyphs, train_count: 200, validation_count: 40, test_count: 40 } }
        training:
          batch_size: 20
          full_precision: { epochs: 6, optimizer: { kind: adam, learning_rate: 0.1 } }
          quantized: { epochs: 3, optimizer: { kind: adam, learning_rate: 0.05 } }
        """;
}
