using System.Text;
using NUnit.Framework;
using OpticalQAT.Quantization;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Units;

namespace OpticalQAT.Tests.Quantization;

/// <summary>Level tables as spreadsheets, instruments and programs write them: each is read as its author meant it, or refused with what is unclear.</summary>
public sealed class MeasuredLevelsFormsTests
{
    private static readonly double[] Heights = [0, 250.5e-9, 731e-9];

    private TemporaryFolder _folder = null!;

    private string Csv => _folder.File("levels.csv");

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase("level;height_nm\n0;0\n1;250,5\n2;731\n", TestName = "Semicolons and decimal commas")]
    [TestCase("level\theight_nm\n0\t0\n1\t250,5\n2\t731\n", TestName = "Tabs and decimal commas")]
    [TestCase("level height_nm\n0 0\n1   250,5\n2 731\n", TestName = "Blanks and decimal commas")]
    [TestCase("  level   height (nm)\n  0   0.0\n  1 250.5\n  2 731.0\n", TestName = "Columns of a fixed width")]
    [TestCase("\"level\",\"height_nm\"\n\"0\",\"0\"\n\"1\",\"250,5\"\n\"2\",\"731\"\n", TestName = "Commas and quoted decimal commas")]
    [TestCase("level;height_nm;\r\n0;0;\r\n1;250,5;\r\n2;731;\r\n;;\r\n;;\r\n", TestName = "Separators at the end, empty rows and CRLF")]
    [TestCase("level;height_nm\r0;0\r1;250.5\r2;731", TestName = "CR alone and no line break at the end")]
    [TestCase("sep=;\nheight_nm;note\n0;\n250,5;\"a; b\"\n731;\"two\nlines, and a \"\"quote\"\"\"\n", TestName = "A line that names the separator, notes in quotes")]
    [TestCase("sep=|\nlevel|height_nm\n0|0\n1|250.5\n2|731\n", TestName = "Another separator that is named")]
    [TestCase("# Dektak, 5\" wafer\n% second comment\n\nheight_nm\n0\n# in between\n250.5\n\n731\n", TestName = "Comments and empty lines")]
    [TestCase("# level,height_nm\n0,0\n1,250.5\n2,731\n", TestName = "A header behind the comment mark, as numpy writes it")]
    [TestCase("height_nm\n0\n250,5\n731\n", TestName = "One column with decimal commas")]
    [TestCase("# height_nm\n0\n250.5\n731\n", TestName = "A header of one column behind the comment mark")]
    [TestCase("heightnm\n0\n250.5\n731\n", TestName = "The unit without a separator")]
    [TestCase("height_nm,\n0,\n250.5,\n731,\n", TestName = "One column and a comma at the end")]
    [TestCase("height (nm)\n0\n250.5\n731\n", TestName = "The unit in brackets")]
    [TestCase("Height [nm]\n0\n250.5\n731\n", TestName = "The unit in square brackets")]
    [TestCase("height/nm\n0\n250.5\n731\n", TestName = "The unit behind a stroke")]
    [TestCase("height in nm\n0\n250.5\n731\n", TestName = "The unit in words")]
    [TestCase("\"height, nm\"\n0\n250.5\n731\n", TestName = "The unit behind a comma in quotes")]
    [TestCase("height_µm\n0\n0.2505\n0.731\n", TestName = "The micro sign")]
    [TestCase("height_μm\n0\n0.2505\n0.731\n", TestName = "The Greek letter")]
    [TestCase("height (µm)\n0\n0,2505\n0,731\n", TestName = "The micro sign in brackets and decimal commas")]
    [TestCase("heights_m\n0\n2,505E-07\n7,31E-07\n", TestName = "Powers of ten with decimal commas")]
    [TestCase("height\n0 nm\n250,5 nm\n0,731 µm\n", TestName = "Units behind the numbers")]
    [TestCase("sample;height_nm;sigma_nm;date\nA;0;1,5;27.11.2026\nB;250,5;1,25;27.11.2026\nC;731;2;28.11.2026\n", TestName = "Further columns")]
    [TestCase("height_nm;design_nm\n0;1.234\n250,5;2.345\n731;3.456\n", TestName = "Groups of thousands in a column that is not read")]
    public void Is_read(string text) => Assert.That(Read(text), Is.EqualTo(Heights));

    [Test]
    public void Encodings_of_spreadsheets_are_read()
    {
        const string Text = "height (µm);phase (°)\r\n0;0\r\n0,2505;45\r\n0,731;100\r\n";
        Encoding[] encodings = [Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.Latin1];
        foreach (var encoding in encodings)
        {
            File.WriteAllText(Csv, Text, encoding);
            var table = new MeasuredLevels { File = Csv }.Build(new Length(1), lossless: true);
            Assert.That(table.Heights.ToArray(), Is.EqualTo(Heights), encoding.EncodingName);
            Assert.That(table.Phases[1], Is.EqualTo(Math.PI / 4).Within(1e-12), encoding.EncodingName);
        }
    }

    [TestCase("1.234,5", "2.000,25", 1234.5, 2000.25)]
    [TestCase("1,234.5", "2,000.25", 1234.5, 2000.25)]
    [TestCase("1.234.567", "1.234.568,5", 1234567, 1234568.5)]
    [TestCase("1,234", "5,25", 1.234, 5.25)]
    [TestCase("1,234", "2345.25", 1234, 2345.25)]
    [TestCase("0,234", "1,234", 0.234, 1.234)]
    [TestCase("1,234", "1234,5", 1.234, 1234.5)]
    [TestCase("1,234e0", "2,345", 1.234, 2.345)]
    [TestCase("1.234", "2.345", 1.234, 2.345)]
    [TestCase(".5", "1.", 0.5, 1)]
    public void What_a_mark_means_follows_from_the_rest_of_the_file(string first, string second, double one, double two) =>
        Assert.That(Read($"height_nm;x\n{first};\n{second};\n"), Is.EqualTo((double[])[one * 1e-9, two * 1e-9]).Within(1e-12).Percent);

    [Test]
    public void A_column_that_is_not_read_may_say_what_a_comma_means() =>
        Assert.That(Read("height_um;sigma_um\n1,234;0,5\n2,345;0,25\n"), Is.EqualTo((double[])[1.234e-6, 2.345e-6]));

    [Test]
    public void Without_a_header_the_unit_and_the_column_are_said_beside_the_file()
    {
        File.WriteAllText(Csv, "0\n250,5\n731\n");
        Assert.That(Heights_of(new MeasuredLevels { File = Csv, Unit = "nm" }), Is.EqualTo(Heights));
        File.WriteAllText(Csv, "0 0,0 1\n1 0,2505 0,9\n2 0,731 0,8\n");
        Assert.That(Heights_of(new MeasuredLevels { File = Csv, Column = "2", Unit = "µm" }), Is.EqualTo(Heights));
    }

    [Test]
    public void A_header_without_a_unit_takes_the_one_beside_the_file()
    {
        File.WriteAllText(Csv, "height\n0\n250,5\n731\n");
        Assert.That(Heights_of(new MeasuredLevels { File = Csv, Unit = "nm" }), Is.EqualTo(Heights));
        File.WriteAllText(Csv, "# notes of Monday\n0\n250,5\n731\n");
        Assert.That(Heights_of(new MeasuredLevels { File = Csv, Unit = "nm" }), Is.EqualTo(Heights), "a comment is no header");
    }

    [Test]
    public void Columns_are_counted_from_1()
    {
        File.WriteAllText(Csv, "0 5\n250.5 6\n731 7\n");
        Assert.That(Heights_of(new MeasuredLevels { File = Csv, Column = "1", Unit = "nm" }), Is.EqualTo(Heights));
    }

    /// <summary>The first column may be any of those that are read, and a response may be at its bound.</summary>
    [Test]
    public void Responses_may_stand_first()
    {
        File.WriteAllText(Csv, "amplitude;height_nm;amplitude of the design\n0;0;1\n1;250,5;1\n0,5;731;1\n");
        var table = new MeasuredLevels { File = Csv }.Build(new Length(1), lossless: true);
        Assert.That(table.Amplitudes.ToArray(), Is.EqualTo((double[])[0, 1, 0.5]));
        File.WriteAllText(Csv, "phase_deg;height_nm;phase of the design\n0;0;1\n90;250,5;1\n180;731;1\n");
        table = new MeasuredLevels { File = Csv }.Build(new Length(1), lossless: true);
        Assert.That(table.Phases.ToArray(), Is.EqualTo((double[])[0, Math.PI / 2, Math.PI]).Within(1e-12));
        File.WriteAllText(Csv, "height_m\n0\n1\n");
        Assert.That(Heights_of(new MeasuredLevels { File = Csv }), Is.EqualTo((double[])[0, 1]), "the greatest height that is allowed");
    }

    [TestCase("height measured (nm)")]
    [TestCase("2")]
    public void Of_several_heights_one_is_named(string column)
    {
        File.WriteAllText(Csv, "height_um;height measured (nm)\n1;0\n2;250,5\n3;731\n");
        Assert.That(Heights_of(new MeasuredLevels { File = Csv, Column = column }), Is.EqualTo(Heights));
        Assert.That(Heights_of(new MeasuredLevels { File = Csv }), Is.EqualTo((double[])[1e-6, 2e-6, 3e-6]));
    }

    /// <summary>A remark says what is left out, where remarks are shown, by validate and in a training's first lines.</summary>
    [Test]
    public void Columns_that_are_not_used_are_remarked()
    {
        File.WriteAllText(Csv, "sample;height_um;sigma_um\nA;1;2\nB;2;3\n");
        var kind = new MeasuredLevels { File = Csv };
        Assert.That(kind.Remark(kind.Build(new Length(1), lossless: true)), Is.EqualTo($"of the level table '{Csv}' these columns are not used: 'sample', 'sigma_um'"));
        File.WriteAllText(Csv, "height_um;;site\n1;2;a\n2;3;b\n");
        Assert.That(kind.Remark(kind.Build(new Length(1), lossless: true)), Does.EndWith(": 'site'"), "a column without a name has none to say");
        File.WriteAllText(Csv, "1\n2\n");
        kind = kind with { Unit = "um" };
        Assert.That(kind.Remark(kind.Build(new Length(1), lossless: true)), Is.Null);
    }

    [TestCase("height_um\n0\n1,234\n2,345\n", ":3: '1,234' may be 1.234 or 1234, and nothing else in the file says which; write one of them, without a comma")]
    [TestCase("height_um\n0,5\n1.5\n", ":3: '0,5' has a decimal comma (line 2), but '1.5' a decimal point (line 3); write all numbers of the file alike")]
    [TestCase("height_um\n0,5\n1,2,3\n", ":3: the height '1,2,3' is no finite number with a decimal comma, as others of the file have")]
    [TestCase("1,234\n2,345\n", ":1: '1,234' may be one number with a decimal comma or two columns; write a header, such as height_um, or decimal points")]
    [TestCase("0;1\n1;2\n", ":1: the file has no header and 2 columns; write one, such as level,height_um, or name the column with the heights by its number beside file: by column: 2 and its unit by unit: um")]
    [TestCase("0\n1\n", ":1: the height '0' has no unit; write the unit into the header, such as height_um, or beside file: unit: um")]
    [TestCase("height\n1 ft\n2 ft\n", ":2: 'ft' is not a unit of a height; the units are pm, nm, um, mm, cm, m")]
    [TestCase("height_um;height_nm\n0;0\n1;1000\n", ":1: 2 columns may be the height: 'height_um', 'height_nm'. Name the one that counts beside file: by column: 'height_um'")]
    [TestCase("thickness (nm);site\n0;a\n1;b\n", ":1: no column is called height, with its unit (height_um, height (nm), …); the columns are 'thickness (nm)', 'site'. Rename the one with the heights, or name it beside file: by column: 'thickness (nm)'")]
    [TestCase("height_um;phase_rad;phase_deg\n0;0;0\n1;1;57\n", ":1: 2 columns may be the phase: 'phase_rad', 'phase_deg'. Rename what does not count")]
    [TestCase("height_um;amplitdue\n0;1\n1;0,5\n", ":1: the column 'amplitdue' is not read: amplitudes stand in a column amplitude, from 0 to 1. Rename it, if it holds them, and otherwise so that it reads unlike")]
    [TestCase("height_um;amplitude of light\n0;1\n1;0,5\n", ":1: the column 'amplitude of light' is not read: amplitudes stand in a column amplitude, from 0 to 1. Rename it, if it holds them, and otherwise so that it reads unlike")]
    [TestCase("levle;height_um\n0;0\n1;1\n", ":1: the column 'levle' is not read: the numbers of the levels stand in a column level. Rename it, if it holds them, and otherwise so that it reads unlike")]
    [TestCase("site;thickness (nm)\na;0\nb;1\n", ":1: no column is called height, with its unit (height_um, height (nm), …); the columns are 'site', 'thickness (nm)'. Rename the one with the heights, or name it beside file: by column: 'thickness (nm)'")]
    [TestCase("0,1.5\n1,2\n", ":1: the file has no header and 2 columns; write one, such as level,height_um, or name the column with the heights by its number beside file: by column: 2 and its unit by unit: um")]
    [TestCase("height\n5 (nm)\n6 (nm)\n", ":2: the height '5 (nm)' has no unit; write the unit into the header, such as height_um, or beside file: unit: um")]
    [TestCase("height_um\n", ":1: a level table needs at least two levels, but there are none below the header")]
    [TestCase("5um\n", ":1: a level table needs at least two levels, but there is one")]
    [TestCase("height_um;phase\n0;1\n1;0,5\n", ":1: the column 'phase' is not read: phases stand in a column phase_rad or phase_deg. Rename it, if it holds them, and otherwise so that it reads unlike")]
    [TestCase("height_um\n0\n\"1\n2\n", ":3: a quote is opened that nothing closes; close it, or write it twice where it is part of a text")]
    [TestCase("height_um;phase_deg\n0;0,5\n1;x\n", ":3: the phase 'x' is no finite number with a decimal comma, as others of the file have")]
    [TestCase("PK\u0003\u0004 and so on", ": it is a workbook, or an archive, and no text; save the sheet as CSV.")]
    [TestCase("height_um\n0\n\0", ": it holds zero bytes, as no text does; save it as CSV in UTF-8.")]
    public void What_is_unclear_is_refused(string text, string message)
    {
        File.WriteAllText(Csv, text);
        Assert.That(new MeasuredLevels { File = Csv }.Check().Single().Message, Is.EqualTo(Csv + message));
    }

    [TestCase("inch", null, "'inch' is not a unit of a height; the units are pm, nm, um, mm, cm, m")]
    [TestCase("um", null, "{0}:1: the column 'height_nm' says nm, but unit: um stands beside file; take one of them away")]
    [TestCase(null, "depth", "{0}:1: there is no column 'depth'; the columns are 'height_nm', 'x'")]
    [TestCase(null, "3", "{0}:1: there is no column '3'; the columns are 'height_nm', 'x'")]
    [TestCase(null, "0", "{0}:1: there is no column '0'; the columns are 'height_nm', 'x'")]
    public void What_is_said_beside_the_file_must_fit(string? unit, string? column, string message)
    {
        File.WriteAllText(Csv, "height_nm;x\n0;1\n1;2\n");
        Assert.That(new MeasuredLevels { File = Csv, Unit = unit, Column = column }.Check().Single().Message, Is.EqualTo(string.Format(message, Csv)));
    }

    [TestCase("x;x\n0;1\n1;2\n", "x", null, ":1: 2 columns are called 'x'; name one by its number: column: 1")]
    [TestCase("0;1\n1;2\n", "3", null, ":1: there is no column '3'; the columns are 1 to 2")]
    [TestCase(";x\n0;1\n1;2\n", "depth", null, ":1: there is no column 'depth'; the columns are '', 'x'")]
    [TestCase("0;1\n1;2\n", null, "um", ":1: the file has no header and 2 columns; write one, such as level,height_um, or name the column with the heights by its number beside file: by column: 2")]
    public void A_column_that_cannot_be_told_is_refused(string text, string? column, string? unit, string message)
    {
        File.WriteAllText(Csv, text);
        Assert.That(new MeasuredLevels { File = Csv, Column = column, Unit = unit }.Check().Single().Message, Is.EqualTo(Csv + message));
    }

    [Test]
    public void A_column_that_is_named_may_read_like_another()
    {
        File.WriteAllText(Csv, "amplitude of steps (nm)\n0\n250,5\n731\n");
        Assert.That(Heights_of(new MeasuredLevels { File = Csv, Column = "amplitude of steps (nm)" }), Is.EqualTo(Heights));
    }

    /// <summary>Twenty columns are listed; of more the rest is counted.</summary>
    [TestCase(20, "'c20'.")]
    [TestCase(21, "'c20' and 1 more.")]
    public void A_long_header_is_cut_off(int columns, string end)
    {
        File.WriteAllText(Csv, string.Join(';', Enumerable.Range(1, columns).Select(i => $"c{i}")) + "\n" + string.Join(';', Enumerable.Range(1, columns)) + "\n");
        Assert.That(new MeasuredLevels { File = Csv }.Check().Single().Message, Does.Contain(end));
    }

    [Test]
    public void A_file_without_a_name_is_not_there() =>
        Assert.That(new MeasuredLevels { File = "" }.Check().Single().Message, Does.StartWith("there is no level table '' (looked for at "));

    [Test]
    public void A_file_that_is_too_long_is_refused_before_it_is_read()
    {
        using (var file = File.Create(Csv))
            file.SetLength(1L << 40); // a hole, which takes no room
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(new MeasuredLevels { File = Csv }.Check().Single().Message, Is.EqualTo($"{Csv}: it has more than 1048576 bytes, the most that is read: is it another file?"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(16 << 20));
    }

    [Test]
    public void More_levels_than_any_table_has_are_refused()
    {
        File.WriteAllText(Csv, "height_um\n" + string.Concat(Enumerable.Range(0, 65537).Select(i => $"{i}\n")));
        Assert.That(new MeasuredLevels { File = Csv }.Check().Single().Message, Is.EqualTo($"{Csv}:65538: the table has more than 65537 lines, the most that is read"));
    }

    private double[] Read(string text)
    {
        File.WriteAllText(Csv, text);
        return Heights_of(new MeasuredLevels { File = Csv });
    }

    private static double[] Heights_of(MeasuredLevels kind) => kind.Build(new Length(1), lossless: true).Heights.ToArray();
}
