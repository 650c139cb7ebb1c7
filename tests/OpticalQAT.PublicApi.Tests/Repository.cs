using NUnit.Framework;

namespace OpticalQAT.PublicApi.Tests;

/// <summary>The repository around the tests.</summary>
internal static class Repository
{
    /// <summary>Its root.</summary>
    public static string Folder
    {
        get
        {
            var folder = TestContext.CurrentContext.TestDirectory;
            while (!File.Exists(Path.Combine(folder, "OpticalQAT.sln")))
                folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("the repository is not around the tests");
            return folder;
        }
    }
}
