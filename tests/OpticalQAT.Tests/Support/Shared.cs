using NUnit.Framework;
using OpticalQAT.Tests.Formats;

namespace OpticalQAT.Tests.Support;

/// <summary>Material that is not part of the repository: data sets and the golden numbers' originals.</summary>
internal static class Shared
{
    /// <summary>A file or folder of it; the test that asks for a missing one is skipped.</summary>
    /// <param name="relative">For example <c>golden</c>.</param>
    public static string Find(string relative)
    {
        if (Checkout.FindShared(relative) is { } path)
            return path;
        Assert.Ignore($"The shared material has no '{relative}' here: set OPTICALQAT_SHARED to its folder, or put it beside the checkout as 'shared'.");
        throw new InvalidOperationException("an ignored test has ended before");
    }
}
