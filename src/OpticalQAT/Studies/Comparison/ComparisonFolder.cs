using OpticalQAT.Formats;
using OpticalQAT.Runs;

namespace OpticalQAT.Studies.Comparison;

/// <summary>The folder of a comparison, <c>FOLDER/NAME-compare</c>, beside whose cells the table is kept in three forms. Each file is written whole.</summary>
/// <param name="Path">The folder.</param>
public sealed record ComparisonFolder(string Path)
{
    /// <summary>The table for scripts, JSON.</summary>
    public string ResultFile => System.IO.Path.Combine(Path, "comparison.json");

    /// <summary>The table for spreadsheets, a line for each score.</summary>
    public string TableFile => System.IO.Path.Combine(Path, "comparison.csv");

    /// <summary>The page.</summary>
    public string PageFile => System.IO.Path.Combine(Path, "comparison.html");

    /// <summary>Writes the table in all forms; the same result gives the same bytes.</summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public void Write(ComparisonResult result)
    {
        Directory.CreateDirectory(Path);
        RunDirectory.WriteJson(ResultFile, result);
        AtomicFile.Write(TableFile, ComparisonCsv.Write(result));
        AtomicFile.Write(PageFile, ComparisonPage.Write(result));
    }
}
