using System.Text;

namespace OpticalQAT.Data;

/// <summary>The meaning of a published set's labels: from its mapping file, or for EMNIST's parts as its paper says.</summary>
internal static class MnistLabels
{
    private const string Digits = "0123456789";
    private const string Capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const int MostBytes = 1 << 16;

    /// <summary>The names by label; null where the labels are names enough.</summary>
    /// <exception cref="DataException">The mapping file is damaged.</exception>
    public static IReadOnlyDictionary<int, string>? Of(MnistSet set)
    {
        var mapping = Path.Combine(set.Folder, $"{set.Prefix}-mapping.txt");
        if (set.Prefix.Length > 0 && File.Exists(mapping))
            return Read(mapping);
        // Letters are numbered from 1. Where capitals and small letters look alike, two of the parts merge them.
        var (first, characters) = set.Part switch
        {
            "letters" => (1, Capitals),
            "balanced" or "bymerge" => (0, Digits + Capitals + "abdefghnqrt"),
            "byclass" => (0, Digits + Capitals + Capitals.ToLowerInvariant()),
            _ => (0, string.Empty),
        };
        return characters.Length == 0 ? null : characters.Select((c, i) => (c, i)).ToDictionary(pair => first + pair.i, pair => pair.c.ToString());
    }

    /// <summary>A line for each label: the label, and the code of its character; the small letter's may follow.</summary>
    private static Dictionary<int, string> Read(string path)
    {
        var names = new Dictionary<int, string>();
        var number = 0;
        foreach (var line in Lines(path))
        {
            number++;
            var numbers = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (numbers.Length == 0)
                continue;
            if (numbers.Length < 2 || !int.TryParse(numbers[0], out var label) || !int.TryParse(numbers[1], out var code) || !Rune.IsValid(code) || Rune.IsControl(new Rune(code)) || !names.TryAdd(label, new Rune(code).ToString()))
                throw new DataException($"{path}:{number}: expected a label that stands there once and the code of its character, such as '10 65' for A. Fetch the file again, or take it away: task.dataset.class_names=[…] names the classes too.");
        }
        return names;
    }

    private static string[] Lines(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MostBytes ? File.ReadAllLines(path)
                : throw new DataException($"{path} has more than {MostBytes} bytes: it is no list of labels and characters. Take it away, or fetch it again.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read: {e.Message}", e);
        }
    }
}
