using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace OpticalQAT.Tests.Reports;

/// <summary>The findings of a browser in a page.</summary>
/// <param name="Images">How many pictures the page has.</param>
/// <param name="Broken">Those of them that were not loaded.</param>
/// <param name="Overflow">By how many pixels the content is wider than the window.</param>
/// <param name="Console">What was written on the console.</param>
internal sealed record PageFindings(int Images, int Broken, int Overflow, string[] Console);

/// <summary>A headless Chromium.</summary>
internal static partial class Browser
{
    private const int LongestMilliseconds = 120_000;

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    /// <summary>The program; ignores the test where there is none.</summary>
    public static string Program
    {
        get
        {
            var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
            var found = Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
            if (found is null)
                Assert.Ignore($"There is no Chromium on the PATH ({string.Join(", ", Names)}), which looks at the report here.");
            return found!;
        }
    }

    /// <summary>Loads a page in a frame of that width, as wide as a phone's screen if need be, and looks at it.</summary>
    public static PageFindings Look(string page, int width)
    {
        var folder = Directory.CreateTempSubdirectory("opticalqat-browser-").FullName;
        try
        {
            // Windows cannot be narrower than a browser's own controls; frames can.
            var frame = Path.Combine(folder, "frame.html");
            File.WriteAllText(frame, $$"""
                <!DOCTYPE html><iframe id="page" width="{{width}}" height="900" style="border:0" src="{{new Uri(page)}}"></iframe><pre id="findings"></pre>
                <script>
                  addEventListener('load', () => {
                    const page = document.getElementById('page').contentDocument, images = [...page.images];
                    document.getElementById('findings').textContent = JSON.stringify({
                      images: images.length,
                      broken: images.filter(i => !i.complete || i.naturalWidth === 0).length,
                      overflow: page.documentElement.scrollWidth - page.documentElement.clientWidth });
                  });
                </script>
                """);
            var (document, log) = Run(folder, "--allow-file-access-from-files", "--enable-logging=stderr", "--v=0", "--dump-dom", new Uri(frame).AbsoluteUri);
            var findings = Findings().Match(document);
            Assert.That(findings.Success, $"the page was not looked at:\n{log}");
            var found = JsonDocument.Parse(findings.Groups[1].Value).RootElement;
            return new PageFindings(
                found.GetProperty("images").GetInt32(), found.GetProperty("broken").GetInt32(), found.GetProperty("overflow").GetInt32(),
                [.. log.Split('\n').Where(line => line.Contains(":CONSOLE", StringComparison.Ordinal))]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Takes a picture of the top of a page.</summary>
    public static void Photograph(string page, string png, int width, int height)
    {
        var folder = Directory.CreateTempSubdirectory("opticalqat-browser-").FullName;
        try
        {
            Run(folder, $"--window-size={width},{height}", "--hide-scrollbars", $"--screenshot={png}", new Uri(page).AbsoluteUri);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (string Output, string Log) Run(string folder, params string[] words)
    {
        string[] quiet =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", $"--user-data-dir={Path.Combine(folder, "profile")}",
        ];
        var start = new ProcessStartInfo(Program, [.. quiet, .. words]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, log) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(LongestMilliseconds))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{Program} {string.Join(' ', words)} did not end within {LongestMilliseconds / 1000} s");
        }
        return (output.GetAwaiter().GetResult(), log.GetAwaiter().GetResult());
    }

    [GeneratedRegex("""<pre id="findings">(\{.*?\})</pre>""")]
    private static partial Regex Findings();
}
