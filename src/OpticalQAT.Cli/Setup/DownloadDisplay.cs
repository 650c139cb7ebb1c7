using NuGet.Packaging.Core;

namespace OpticalQAT.Cli.Setup;

/// <summary>The progress of a download, on stderr: one line that grows on a terminal, a line for each quarter elsewhere.</summary>
internal sealed class DownloadDisplay
{
    private const double Mega = 1e6;
    private readonly bool _isLive = Screen.IsLive;
    private string _label = string.Empty;
    private int _shown;

    /// <summary>A package begins to come.</summary>
    /// <param name="package">The package.</param>
    /// <param name="source">Its source.</param>
    /// <param name="had">The bytes of it that are there from before.</param>
    public void Begin(PackageIdentity package, string source, long had)
    {
        (_label, _shown) = ($"{package.Id} {package.Version}", 0);
        Screen.Note($"{_label} from {source}{(had > 0 ? $", going on after {had / Mega:0.0} MB" : string.Empty)}");
    }

    /// <summary>More of it has come.</summary>
    /// <param name="bytes">The bytes that are there.</param>
    /// <param name="total">All of it; 0 where that is not known.</param>
    public void Advance(long bytes, long total)
    {
        if (total <= 0)
            return;
        var step = _isLive ? (int)(100 * bytes / total) : (int)(4 * bytes / total) * 25;
        if (step <= _shown)
            return;
        _shown = step;
        var line = $"  {step,3} % of {total / Mega:0.0} MB";
        if (_isLive)
            Console.Error.Write($"\r{line}");
        else
            Screen.Note(line);
    }

    /// <summary>All of it is there.</summary>
    public void End()
    {
        if (_isLive && _shown > 0)
            Console.Error.WriteLine();
    }
}
