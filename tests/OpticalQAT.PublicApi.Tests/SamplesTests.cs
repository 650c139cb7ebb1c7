using NUnit.Framework;

namespace OpticalQAT.PublicApi.Tests;

/// <summary>The programs in <c>samples/</c> are run as their readers run them.</summary>
[Category("Slow")]
public sealed class SamplesTests
{
    private const int MostLines = 40;

    [Test, CancelAfter(1_800_000)]
    public async Task Samples_are_short_and_run()
    {
        // In this order: the last loads what the second has trained.
        string[] samples = ["beam", "quickstart", "own-quantizer", "own-task", "rebuild"];
        var source = Path.Combine(Repository.Folder, "samples");
        Assert.That(Directory.GetFiles(source, "*.cs").Select(Path.GetFileNameWithoutExtension), Is.EquivalentTo(samples));
        var folder = Directory.CreateTempSubdirectory("opticalqat-samples-").FullName;
        try
        {
            foreach (var sample in samples)
            {
                var file = Path.Combine(source, sample + ".cs");
                Assert.That(await File.ReadAllLinesAsync(file), Has.Length.LessThanOrEqualTo(MostLines), sample);
                var result = await ProgramResult.OfDotnet(folder, "run", "-c", "Release", file);
                Assert.That(result.ExitCode, Is.Zero, $"{sample}: {result.Output}{result.Errors}");
                Assert.That(result.Output.Trim().Split('\n'), Has.Length.InRange(1, 2), sample);
            }
            Assert.That(File.Exists(Path.Combine(folder, "beam.png")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
