using NUnit.Framework;
using OpticalQAT.Configuration;

namespace OpticalQAT.Tests.Configuration;

/// <summary>Which lines are keys and values, which brackets and quotes stay open, as a person reads a damaged text.</summary>
public class YamlScanTests
{
    private const string Text = """
        # a comment
        a: 1

          b: [x, # and a comment
           # another
           y]
        c: |
           text : { [
          more
        d: 'x
         y'
        e: 2 # |
         f: >-
          folded '
        g: [ |
         z ]
        h: 3
        """;

    [Test]
    public void Lines_begin_outside_of_brackets_quotes_and_blocks_of_text()
    {
        var scan = new YamlScan(Text.ReplaceLineEndings("\r\n"));
        Assert.That(scan.Lines, Is.EqualTo((ScannedLine[])[
            new(2, 0, "a: 1", -1), new(4, 2, "b: [x, # and a comment", -1), new(7, 0, "c: |", -1), new(10, 0, "d: 'x", -1),
            new(12, 0, "e: 2 # |", -1), new(13, 1, "f: >-", -1), new(15, 0, "g: [ |", -1), new(17, 0, "h: 3", -1),
        ]));
        Assert.That((scan.OpenBracket, scan.WrongBracket, scan.OpenQuotes(0)), Is.EqualTo(((YamlScan.Opening?)null, ((YamlScan.Opening, YamlScan.Opening?)?)null, (YamlScan.Opening?)null)));
        Assert.That(scan.OpenQuotes(11), Is.EqualTo(new YamlScan.Opening('\'', 10, 4)), "closed by a mark on the next line");
    }

    [Test]
    public void A_tab_is_found_among_the_spaces() => Assert.That(new YamlScan("a:\n  \tb: 1").Lines[1], Is.EqualTo(new ScannedLine(2, 3, "b: 1", 2)));

    [TestCase("a: \"x", 4)]
    [TestCase("\"a: 1", 1)]
    [TestCase("-  'x", 4)]
    [TestCase("a: [x, 'y", 8)]
    [TestCase("a: [ 'y", 6)]
    [TestCase("a: { 'y", 6)]
    [TestCase("a: \"x\\\" # y", 4, Description = "the mark behind the backslash closes nothing")]
    [TestCase("a: 'it''s", 4, Description = "two marks are one of the text")]
    [TestCase("a: 'it''", 4)]
    public void Quotes_stay_open(string text, int column) =>
        Assert.That(new YamlScan(text).OpenQuotes(0), Is.EqualTo(new YamlScan.Opening(text[column - 1], 1, column)));

    [TestCase("a: 'x'")]
    [TestCase("a: 'it''s'")]
    [TestCase("a: 'x\\'", Description = "a backslash is a backslash between single marks")]
    [TestCase("a: \"x\"'")]
    [TestCase("a: 'x' 'y")]
    [TestCase("a: x 'y")]
    [TestCase("a: it's")]
    [TestCase("a: x, 'y")]
    [TestCase("a: [it's, x]")]
    [TestCase("a: b:'c")]
    [TestCase("# 'x")]
    [TestCase("a: 1 # 'x")]
    public void Quotes_are_closed_or_part_of_a_text(string text) => Assert.That(new YamlScan(text).OpenQuotes(0), Is.Null);

    [TestCase("a: [x", '[', 4)]
    [TestCase("a: [x, {", '{', 8)]
    [TestCase("a: [x, {}", '[', 4)]
    [TestCase("[x#y", '[', 1)]
    [TestCase("a: [x [", '[', 7)]
    public void A_bracket_stays_open(string text, char mark, int column) =>
        Assert.That(new YamlScan(text).OpenBracket, Is.EqualTo(new YamlScan.Opening(mark, 1, column)));

    [TestCase("a: [x]")]
    [TestCase("a: x [y")]
    [TestCase("a: 1 # [")]
    [TestCase("a: '['")]
    public void A_bracket_is_closed_or_part_of_a_text(string text) => Assert.That(new YamlScan(text).OpenBracket, Is.Null);

    [TestCase("a: [x}\nb: {y]", 6, 4)]
    [TestCase("a: {x]", 6, 4)]
    [TestCase("a: [x]]]", 7, null)]
    [TestCase("a: [x] }", 8, null)]
    public void The_first_wrong_bracket_counts(string text, int closing, int? opened)
    {
        var wrong = new YamlScan(text).WrongBracket!.Value;
        Assert.That((wrong.Closing.Line, wrong.Closing.Column, wrong.Opened?.Column), Is.EqualTo((1, closing, opened)));
    }

    [TestCase("a: [x] # }")]
    [TestCase("a: x]", Description = "no bracket was open before: it is part of a text")]
    [TestCase("a: [x] y]")]
    [TestCase("a: [{x}, [y]]")]
    public void No_bracket_is_wrong(string text) => Assert.That(new YamlScan(text).WrongBracket, Is.Null);
}
