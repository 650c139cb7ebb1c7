using NUnit.Framework;
using OpticalQAT.Formats;

namespace OpticalQAT.Tests.Formats;

/// <summary>Tables as text: cells, quotes, separators, line numbers, and the decimal mark.</summary>
public class DelimitedTextTests
{
    private static IEnumerable<TestCaseData> Tables()
    {
        yield return Table("a;\"b \"\"c\"\" d\"\n1;2\n", (1, "a|b \"c\" d"), (2, "1|2"));
        yield return Table("a;\"\"\"b\"\n1;2", (1, "a|\"b"), (2, "1|2"));
        yield return Table("a;b\n1;\"2\"", (1, "a|b"), (2, "1|2"));
        yield return Table("a;\"x \"\"y\nz\"\"\"\n1;2\n", (1, "a|x \"y\nz\""), (3, "1|2"));
        yield return Table("a;\"x\r\ny\"\r\n1;2\r\n\r\n3;4", (1, "a|x\r\ny"), (3, "1|2"), (5, "3|4"));
        yield return Table("a;b\r1;2\r3;4\r", (1, "a|b"), (2, "1|2"), (3, "3|4"));
        yield return Table("sep= \na b\n1  2\n", (2, "a|b"), (3, "1|2"));
        yield return Table("sep=;\na b;c\n1 2;3\n", (2, "a b|c"), (3, "1 2|3"));
        yield return Table("(um) x\n1 2\n", (1, "(um)|x"), (2, "1|2"));
        yield return Table("height (um) x\n1 2\n", (1, "height (um)|x"), (2, "1|2"));
        yield return Table("a;x 1\n1 2;3\n", (1, "a|x 1"), (2, "1 2|3"));
        yield return Table("a 1,5\nb 2,6\n", (1, "a 1|5"), (2, "b 2|6"));
        yield return Table("1 a,5\n2 b,6\n", (1, "1 a|5"), (2, "2 b|6"));
        yield return Table("0 1,5\n1 2,5\n", (1, "0|1,5"), (2, "1|2,5"));
        yield return Table("a,\n1,\n", (1, "a"), (2, "1"));
        yield return Table("a;\n1;\n", (1, "a"), (2, "1"));
        yield return Table("a;\n1,5;\n", (1, "a"), (2, "1,5"));
        yield return Table("5\n6\n", (1, "5"), (2, "6"));

        static TestCaseData Table(string text, params (int Line, string Cells)[] rows) => new TestCaseData(text, rows).SetArgDisplayNames(text.Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal));
    }

    [TestCaseSource(nameof(Tables))]
    public void A_text_is_taken_apart(string text, (int Line, string Cells)[] rows) =>
        Assert.That(DelimitedText.Parse("t.csv", text, 100).Rows.Select(row => (row.Line, string.Join('|', row.Cells))), Is.EqualTo(rows));

    [TestCase("# x;y\na;b\n# p;q\n1;2\n", "x|y")]
    [TestCase("# first;one\n% x;y\na;b\n1;2\n", "x|y")]
    [TestCase("# of three;cells;here\na;b\n1;2\n", null)]
    [TestCase("a;b\n# x;y\n1;2\n", null)]
    public void The_last_comment_before_the_table_may_be_its_header(string text, string? cells) =>
        Assert.That(DelimitedText.Parse("t.csv", text, 100).Comment is { } comment ? string.Join('|', comment) : null, Is.EqualTo(cells));

    [TestCase("a;b\n1\n", "t.csv:2: the line has 1 column, but line 1 has 2, with semicolons between them; ")]
    [TestCase("a;b\n1;2;3\n", "t.csv:2: the line has 3 columns, but line 1 has 2, with semicolons between them; ")]
    [TestCase("sep=|\na|b\n1\n", "t.csv:3: the line has 1 column, but line 2 has 2, with '|' between them; ")]
    [TestCase("a;b\n1;2\n3;4\n5;6\n", "t.csv:4: the table has more than 3 lines, the most that is read")]
    [TestCase("a\n\n\"b\nc\n", "t.csv:3: a quote is opened that nothing closes; ")]
    [TestCase("\"a \"\"b\nc\n", "t.csv:1: a quote is opened that nothing closes; ")]
    public void What_is_no_table_is_told_with_its_line(string text, string message) =>
        Assert.That(() => DelimitedText.Parse("t.csv", text, 3), Throws.TypeOf<FileFormatException>().With.Message.StartsWith(message));

    [Test]
    public void A_table_has_at_most_a_thousand_columns()
    {
        string Line(int columns) => string.Join(';', Enumerable.Repeat("x", columns)) + "\n";
        Assert.That(DelimitedText.Parse("t.csv", Line(1000), 3).Rows[0].Cells, Has.Count.EqualTo(1000));
        Assert.That(() => DelimitedText.Parse("t.csv", Line(1001), 3), Throws.TypeOf<FileFormatException>().With.Message.Contains("the table has 1001 columns, more than 1000"));
    }

    [TestCase("12", DecimalMark.Evidence.None)]
    [TestCase("x", DecimalMark.Evidence.None)]
    [TestCase(".", DecimalMark.Evidence.None)]
    [TestCase("1,2,3", DecimalMark.Evidence.None)]
    [TestCase("1.2.3", DecimalMark.Evidence.None)]
    [TestCase("1.5", DecimalMark.Evidence.Point)]
    [TestCase(".5", DecimalMark.Evidence.Point)]
    [TestCase("0.234", DecimalMark.Evidence.Point)]
    [TestCase("1.234e0", DecimalMark.Evidence.Point)]
    [TestCase("1,234.5", DecimalMark.Evidence.Point)]
    [TestCase("1,234,567", DecimalMark.Evidence.Point)]
    [TestCase("1,234,567.8", DecimalMark.Evidence.Point)]
    [TestCase("1,5", DecimalMark.Evidence.Comma)]
    [TestCase("-1,5e3", DecimalMark.Evidence.Comma)]
    [TestCase("0,234", DecimalMark.Evidence.Comma)]
    [TestCase("1.234,5", DecimalMark.Evidence.Comma)]
    [TestCase("1.234.567", DecimalMark.Evidence.Comma)]
    [TestCase("1.234.567,8", DecimalMark.Evidence.Comma)]
    [TestCase("1.234", DecimalMark.Evidence.PointOrGroup)]
    [TestCase("1,234", DecimalMark.Evidence.CommaOrGroup)]
    public void A_number_shows_its_decimal_mark(string text, object evidence) => Assert.That(DecimalMark.Of(text), Is.EqualTo(evidence));

    [TestCase("1,234.5", '.', "1234.5")]
    [TestCase("1.234,5", ',', "1234.5")]
    [TestCase(".5", '.', "0.5")]
    [TestCase("-,5e3", ',', "-0.5e3")]
    [TestCase("5.", '.', "5")]
    [TestCase("+12", ',', "+12")]
    [TestCase("1,5", '.', null)]
    [TestCase(".", '.', null)]
    public void A_number_is_written_as_programs_read_it(string text, char mark, string? normal) => Assert.That(DecimalMark.Normal(text, mark), Is.EqualTo(normal));
}
