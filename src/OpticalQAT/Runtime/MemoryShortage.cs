using System.Globalization;
using System.Text.RegularExpressions;

namespace OpticalQAT.Runtime;

/// <summary>Knows failures whose cause is that memory has run out: .NET's, and libtorch's on the host and on a GPU, which are told by their words alone.</summary>
public static partial class MemoryShortage
{
    /// <summary>Whether that is what an exception, or one inside it, is about.</summary>
    public static bool Caused(Exception failure) => Find(failure) is not null;

    /// <summary>The message of the failure: <c>The memory is not enough: 0.5 GiB more were asked for, and were not to be had.</c></summary>
    public static string Words(Exception failure)
    {
        var cause = Find(failure) ?? failure;
        var where = IsOfGpu(cause) ? " of the GPU" : string.Empty;
        return Asked(cause.Message) is { } asked
            ? $"The memory{where} is not enough: {asked} more were asked for, and were not to be had."
            : $"The memory{where} is not enough.";
    }

    private static Exception? Find(Exception failure) => failure switch
    {
        OutOfMemoryException => failure,
        AggregateException several => several.InnerExceptions.Select(Find).FirstOrDefault(found => found is not null),
        _ when OfLibTorch().IsMatch(failure.Message) => failure,
        { InnerException: { } inner } => Find(inner),
        _ => null,
    };

    private static bool IsOfGpu(Exception failure) => failure.Message.Contains("CUDA", StringComparison.Ordinal);

    private static string? Asked(string message)
    {
        if (Bytes().Match(message) is { Success: true } bytes && double.TryParse(bytes.Groups["bytes"].Value, CultureInfo.InvariantCulture, out var count))
            return HostMemory.InGibi(count);
        return WithUnit().Match(message) is { Success: true } amount ? amount.Groups["amount"].Value : null;
    }

    [GeneratedRegex("can't allocate memory|CUDA out of memory|CUDA error: out of memory|bad_alloc", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OfLibTorch();

    [GeneratedRegex("tried to allocate (?<bytes>[0-9]+) bytes", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Bytes();

    [GeneratedRegex("Tried to allocate (?<amount>[0-9.]+ [KMGT]iB)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WithUnit();
}
