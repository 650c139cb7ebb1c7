using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Formats;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Support;
using OpticalQAT.Tests.Trust;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Scripts;

/// <summary>The Python in docs/files.md reads our models: what it prints of one is what is in it.</summary>
public sealed class FilesPageTests
{
    [Test]
    public void The_snippet_prints_the_levels_of_the_top_row_and_the_tallest_height()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var file = folder.File("model.safetensors");
        File.WriteAllBytes(file, SmallModel.Bytes());
        using var model = TrainedModel.Load(file, []);
        var lines = Run(folder, file);

        Assert.That(lines[0], Is.EqualTo("whole"));
        for (var layer = 0; layer < model.Network.Masks.Count; layer++)
        {
            var top = string.Join(", ", model.Network.Masks.Levels()![layer, 0].data<long>().ToArray());
            var tallest = model.Network.Masks.HeightsOfLayers()[layer].Max() * 1e6;
            Assert.That(lines[1 + layer], Does.StartWith($"{layer} [{top}] "));
            Assert.That(double.Parse(lines[1 + layer].Split(' ')[^1], CultureInfo.InvariantCulture), Is.EqualTo(tallest).Within(1e-9));
        }
        ModelFiles.ChangeUnsealed(file, (_, texts) => texts["experiment"] += "\n");
        Assert.That(Run(folder, file)[0], Is.EqualTo("changed"));
    }

    private static string[] Run(TemporaryFolder folder, string model)
    {
        var page = Checkout.Find("docs/files.md") ?? throw new IgnoreException("The tests do not run inside a checkout.");
        var code = File.ReadAllText(page).Split("```python\n")[1].Split("```")[0];
        File.WriteAllText(folder.File("read.py"), code);
        try
        {
            using var process = Process.Start(new ProcessStartInfo("python3", [folder.File("read.py"), model]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero, errors.Result);
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new IgnoreException("There is no python3 here.", e);
        }
    }
}
