using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace OpticalQAT.Reports;

/// <summary>
/// A piece of HTML. It is made from an interpolated string whose holes are escaped, so that text from a
/// configuration or a data set can never become markup; only another <see cref="HtmlText"/> goes in as it is.
/// </summary>
internal readonly record struct HtmlText(string Html)
{
    public static HtmlText Empty { get; } = new("");

    /// <summary><c>HtmlText.Of($"&lt;p&gt;{text}&lt;/p&gt;")</c></summary>
    public static HtmlText Of(MarkupBuilder builder) => new(builder.ToHtml());

    /// <summary>The pieces one after the other, one per line.</summary>
    public static HtmlText Join(IEnumerable<HtmlText> pieces) => new(string.Join('\n', pieces.Select(p => p.Html).Where(h => h is { Length: > 0 })));

    /// <summary>A picture that stands in the page itself.</summary>
    public static HtmlText Image(byte[] png, string alternative, int width, int height) =>
        Of($"""<img src="data:image/png;base64,{Convert.ToBase64String(png)}" width="{width}" height="{height}" alt="{alternative}"/>""");
}

/// <summary>Collects the parts of an interpolated string and escapes what comes from outside.</summary>
[InterpolatedStringHandler]
internal readonly ref struct MarkupBuilder
{
    private readonly StringBuilder _html;

    public MarkupBuilder(int literalLength, int formattedCount) => _html = new StringBuilder(literalLength + (16 * formattedCount));

    public void AppendLiteral(string literal) => _html.Append(literal);

    public void AppendFormatted(HtmlText markup) => _html.Append(markup.Html);

    public void AppendFormatted(int number) => _html.Append(CultureInfo.InvariantCulture, $"{number}");

    public void AppendFormatted(double number, string format = "0.##") => _html.Append(number.ToString(format, CultureInfo.InvariantCulture));

    public void AppendFormatted(string? text)
    {
        foreach (var rune in (text ?? "").EnumerateRunes())
            _ = rune.Value switch
            {
                '&' => _html.Append("&amp;"),
                '<' => _html.Append("&lt;"),
                '>' => _html.Append("&gt;"),
                '"' => _html.Append("&quot;"),
                '\'' => _html.Append("&#39;"),
                '\n' or '\t' => _html.Append((char)rune.Value),
                // neither HTML nor XML has a way to write these
                < 0x20 or (>= 0x7F and <= 0x9F) or 0xFFFE or 0xFFFF => _html.Append(rune.Value == '\r' ? "" : "\uFFFD"),
                _ => _html.Append(rune.ToString()),
            };
    }

    public string ToHtml() => _html.ToString();
}
