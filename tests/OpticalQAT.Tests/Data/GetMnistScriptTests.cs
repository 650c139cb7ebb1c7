using System.Diagnostics;
using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace OpticalQAT.Tests.Data;

[Platform(Exclude = "Win", Reason = "The script is for bash.")]
public class GetMnistScriptTests
{
    private string _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("get-mnist-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void WholeFilesArriveAndAreNotFetchedAgain()
    {
        if (MnistFolder.Real is not { } mirror)
        {
            Assert.Ignore("The MNIST files are not here: set OPTICALQAT_SHARED to the folder that has them as data/mnist.");
            return;
        }

        Assert.That(Run(mirror).ExitCode, Is.Zero);
        Assert.That(Files(), Has.Length.EqualTo(4));

        File.Delete(Path.Combine(_folder, "t10k-labels-idx1-ubyte.gz"));
        var (exitCode, output) = Run(mirror);
        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.Contain("train-images-idx3-ubyte is there").And.Contain("t10k-labels-idx1-ubyte from file:"));
    }

    [Test]
    public void AFileWithAnotherChecksumIsNotKept()
    {
        using var other = new MnistFolder();
        other.WriteIdx("train-images-idx3-ubyte.gz", [1], [0]);

        var (exitCode, output) = Run(other.Path);
        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(1));
            Assert.That(output, Does.Contain("its checksum is wrong; it is not kept"));
            Assert.That(Files(), Is.Empty);
        });
    }

    private string[] Files() => Directory.GetFiles(_folder);

    private (int ExitCode, string Output) Run(string mirror, [CallerFilePath] string thisFile = "")
    {
        var script = Path.Combine(Path.GetDirectoryName(thisFile)!, "../../../scripts/get-mnist.sh");
        var start = new ProcessStartInfo("bash", [script, _folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["MNIST_MIRROR"] = $"file://{mirror}";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
