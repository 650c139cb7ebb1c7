namespace OpticalQAT.Tests.Formats;

/// <summary>Files of the checkout, and of the folder of shared material that may stand beside it.</summary>
internal static class Checkout
{
    /// <summary>A file or folder of the checkout that the tests run in; null where they run elsewhere.</summary>
    public static string? Find(string relative) => Upward().Select(folder => Path.Combine(folder, relative)).FirstOrDefault(Path.Exists);

    /// <summary>A file or folder of the shared material; null where there is none.</summary>
    public static string? FindShared(string relative)
    {
        var given = Environment.GetEnvironmentVariable("OPTICALQAT_SHARED");
        var folders = string.IsNullOrEmpty(given) ? Upward().Select(folder => Path.Combine(folder, "shared")) : [given];
        return folders.Select(folder => Path.Combine(folder, relative)).FirstOrDefault(Path.Exists);
    }

    private static IEnumerable<string> Upward()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            yield return folder.FullName;
    }
}
