using OpticalQAT.Formats;
using OpticalQAT.Runs;

namespace OpticalQAT.Studies.Robustness;

/// <summary>The folder of a robustness study: its measurements, and what came of them in three forms with the figures. Each file is written whole.</summary>
/// <param name="Path">The folder; it is made for the first measurement, or the result.</param>
public sealed record RobustnessFolder(string Path)
{
    /// <summary>Every device that was measured, a line of JSON for each.</summary>
    public string MeasurementsFile => System.IO.Path.Combine(Path, "measurements.jsonl");

    /// <summary>The result for scripts, JSON.</summary>
    public string ResultFile => System.IO.Path.Combine(Path, "robustness.json");

    /// <summary>The result for spreadsheets, a line for each device.</summary>
    public string TableFile => System.IO.Path.Combine(Path, "robustness.csv");

    /// <summary>The page, in which the figures are.</summary>
    public string PageFile => System.IO.Path.Combine(Path, "robustness.html");

    /// <summary>The figures as PNG files.</summary>
    public string FigureFolder => System.IO.Path.Combine(Path, "figures");

    /// <summary>The measurements that are kept in the folder, and those to come; the caller disposes of them.</summary>
    /// <exception cref="RunDirectoryException">Another process works there, or the folder cannot be written to.</exception>
    public DeviceScores OpenScores() => new(MeasurementsFile);

    /// <summary>Writes a result in all forms; the same result gives the same bytes.</summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public void Write(RobustnessResult result)
    {
        var figures = RobustnessFigures.Draw(result);
        Directory.CreateDirectory(FigureFolder);
        foreach (var (name, png) in figures)
            AtomicFile.Write(System.IO.Path.Combine(FigureFolder, name), png);
        RunDirectory.WriteJson(ResultFile, result);
        AtomicFile.Write(TableFile, RobustnessCsv.Write(result));
        AtomicFile.Write(PageFile, RobustnessPage.Write(result, figures));
    }
}
