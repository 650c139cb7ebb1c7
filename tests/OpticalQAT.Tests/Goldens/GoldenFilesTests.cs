using NUnit.Framework;
using OpticalQAT.Tests.Support;

namespace OpticalQAT.Tests.Goldens;

public class GoldenFilesTests
{
    /// <summary>The copies here are the originals to the byte, where the originals are at hand.</summary>
    [Test]
    public void Copies_equal_their_originals()
    {
        var originals = Shared.Find("golden");
        foreach (var golden in Golden.Named(string.Empty))
        {
            foreach (var (key, path) in golden.Files)
                Assert.That(File.ReadAllBytes(path), Is.EqualTo(File.ReadAllBytes(Path.Combine(originals, $"{golden.Name}.{key}.npy"))), $"{golden.Name}.{key}");
        }
    }
}
