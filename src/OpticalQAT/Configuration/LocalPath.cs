using System.Text;
using System.Text.RegularExpressions;

namespace OpticalQAT.Configuration;

/// <summary>
/// A path on this machine as a configuration writes it: <c>~</c> in front is the home folder, <c>$NAME</c> and
/// <c>${NAME}</c> are environment variables, <c>$$</c> is a dollar sign.
/// </summary>
public static partial class LocalPath
{
    /// <summary>The path that is meant, for what a shell has left as it was written.</summary>
    /// <exception cref="FormatException">A variable is not set, or it is another user's home folder; the message is for the user.</exception>
    public static string Expand(string written) =>
        TryExpand(written, out var path, out var problem) ? path : throw new FormatException($"the path '{written}' {problem}");

    /// <summary>The path that is meant; or the problem, as it reads after the key's name.</summary>
    internal static bool TryExpand(string written, out string path, out string problem)
    {
        StringBuilder expanded = new();
        var next = 0;
        (path, problem) = (written, string.Empty);
        foreach (Match match in Dollar().Matches(written))
        {
            expanded.Append(written, next, match.Index - next);
            next = match.Index + match.Length;
            var name = match.Groups["name"].Value;
            if (match.Value is "$$")
                expanded.Append('$');
            else if (name.Length == 0)
                problem = $"is wrong: in {Spelling.Quote(written)}, '${{' must be followed by a name and '}}'; write '$$' for a dollar sign";
            else if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
                expanded.Append(value);
            else
                problem = $"is wrong: {Spelling.Quote(written)} needs the environment variable {name}, which is not set; set it, or write the path out ('$$' is a dollar sign)";
            if (problem.Length > 0)
                return false;
        }

        path = expanded.Append(written, next, written.Length - next).ToString();
        return path is not ['~', ..] || TryExpandHome(ref path, ref problem);
    }

    /// <summary>The text that <see cref="TryExpand"/> turns into that path.</summary>
    internal static string Escape(string path)
    {
        var escaped = Dollar().Replace(path, match => match.Value is "$$" ? "$$$$" : "$" + match.Value);
        return escaped is ['~', ..] ? "./" + escaped : escaped;
    }

    private static bool TryExpandHome(ref string path, ref string problem)
    {
        var end = path.IndexOfAny(['/', Path.DirectorySeparatorChar]);
        var user = end < 0 ? path : path[..end];
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (user.Length > 1)
            problem = $"is wrong: {Spelling.Quote(path)} begins with the home folder of another user, which is not looked up; write the path out, or './{user}' for a folder of that name";
        else if (!Path.IsPathRooted(home))
            problem = $"is wrong: '~' in {Spelling.Quote(path)} is the home folder, and there is none here; set HOME, or write the path out";
        else
            path = end < 0 ? home : home.TrimEnd('/', Path.DirectorySeparatorChar) + path[end..];
        return problem.Length == 0;
    }

    [GeneratedRegex(@"\$(\$|\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}|\{|(?<name>[A-Za-z_][A-Za-z0-9_]*))", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Dollar();
}
