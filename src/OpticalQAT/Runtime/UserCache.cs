namespace OpticalQAT.Runtime;

/// <summary>The folder of files that are kept for the person who runs this, and can be fetched or made again.</summary>
internal static class UserCache
{
    /// <summary>
    /// <c>$XDG_CACHE_HOME/opticalqat</c>; where that is not set, <c>~/.cache/opticalqat</c>, and on Windows
    /// <c>%LocalAppData%\opticalqat</c>.
    /// </summary>
    public static string Folder => Path.Combine(Root, "opticalqat");

    private static string Root
    {
        get
        {
            var given = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            if (Path.IsPathRooted(given))
                return given;
            return OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        }
    }
}
