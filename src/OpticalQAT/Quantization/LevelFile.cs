using System.Globalization;
using OpticalQAT.Configuration;
using OpticalQAT.Formats;
using OpticalQAT.Units;

namespace OpticalQAT.Quantization;

/// <summary>A measured level table in a file: its rows, which column holds what, and the decimal mark.</summary>
internal sealed class LevelFile
{
    private const int MostBytes = 1 << 20;
    private const int MostLevels = 65536; // as many as other tables may have

    private readonly string _file;
    private readonly DelimitedText _table;
    private readonly (int Line, List<string> Cells)[] _levels;
    private readonly List<string>? _header;
    private readonly LevelColumns _columns;
    private readonly char _mark;

    /// <summary>Reads a file.</summary>
    /// <exception cref="ArgumentException">It is no table of heights; the message says where and what to do.</exception>
    public LevelFile(MeasuredLevels options)
    {
        _file = options.File;
        _table = DelimitedText.Parse(_file, Text(), MostLevels + 1);
        if (_table.Rows.Count == 0)
            throw new ArgumentException($"{_file}: the file is empty; it needs a header such as level,height_um and a line for each level");
        var headed = !_table.Rows[0].Cells.TrueForAll(cell => cell.Length == 0 || IsNumber(Quantity(cell).Number));
        _header = headed ? _table.Rows[0].Cells : _table.Comment?.Exists(LevelColumns.IsHeight) is true ? _table.Comment : null;
        _levels = [.. _table.Rows.Skip(headed ? 1 : 0)];
        var first = _table.Rows[0].Line;
        if (_header is null && _table.CommasPartUnsaid && _table.Rows[0].Cells.Count == 2 && !_levels.Any(row => row.Cells.Exists(cell => cell.Contains('.', StringComparison.Ordinal))))
            throw Wrong(first, $"'{string.Join(',', _levels[0].Cells)}' may be one number with a decimal comma or two columns; write a header, such as height_um, or decimal points");
        try
        {
            _columns = _header is null ? LevelColumns.Of(_table.Rows[0].Cells.Count, options) : LevelColumns.Of(_header, options);
        }
        catch (ArgumentException unclear)
        {
            throw new ArgumentException($"{_file}:{first}: {unclear.Message}", unclear);
        }
        if (_levels.Length < 2)
            throw new ArgumentException($"{_file}:{_table.Rows[^1].Line}: a level table needs at least two levels, but there {(_levels.Length == 1 ? "is one" : "are none")}{(headed ? " below the header" : "")}");
        _mark = Mark();
    }

    /// <summary>The columns of the header that are not read.</summary>
    public IEnumerable<string> Unused => _header is null ? [] : _header.Where((name, i) => name.Length > 0 && !_columns.Used.Contains(i));

    /// <summary>The levels.</summary>
    /// <exception cref="ArgumentException">A line is wrong; the message says which.</exception>
    public ListedLevels Levels()
    {
        var heights = new Length[_levels.Length];
        var amplitudes = _columns.Amplitude < 0 ? null : new double[_levels.Length];
        var phases = _columns.Phase < 0 ? null : new Angle[_levels.Length];
        for (var i = 0; i < heights.Length; i++)
        {
            var (line, cells) = _levels[i];
            if (_columns.Level >= 0 && Number(line, cells[_columns.Level], "level") != i)
                throw Wrong(line, $"the level is {cells[_columns.Level]}, but level {i} is next: levels are counted 0, 1, 2, …, the lowest first, each once");
            heights[i] = Height(line, cells[_columns.Height]);
            if (heights[i].Metres < 0)
                throw Wrong(line, $"the height {heights[i]} lies below 0");
            if (heights[i].Metres > 1)
                throw Wrong(line, $"the height {heights[i]} lies above 1 m, the greatest that a level may have; is its unit right?");
            if (i > 0 && heights[i] <= heights[i - 1])
                throw Wrong(line, $"the height {heights[i]} is {(heights[i] == heights[i - 1] ? "the same as" : "not above")} that of the level before{(heights[i] == heights[i - 1] ? "" : $" ({heights[i - 1]})")}; heights ascend, each once");
            if (amplitudes is not null && (amplitudes[i] = Number(line, cells[_columns.Amplitude], "amplitude")) is < 0 or > 1)
                throw Wrong(line, $"the amplitude {amplitudes[i]} must be between 0 and 1");
            if (phases is not null)
                phases[i] = new Angle(Number(line, cells[_columns.Phase], "phase") * (_columns.IsInDegrees ? Math.PI / 180 : 1));
            if (phases?[i] is { Radians: < -1000 or > 1000 } far)
                throw Wrong(line, $"the phase {far} lies beyond 1000 rad; whole turns may be left out");
        }
        return new ListedLevels { Heights = heights, Amplitudes = amplitudes, Phases = phases };
    }

    private string Text()
    {
        try
        {
            return TextFile.Read(_file, MostBytes);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ArgumentException(File.Exists(_file)
                ? $"the level table '{_file}' cannot be read: {unreadable.Message}"
                : $"there is no level table '{_file}' (looked for at {Path.GetFullPath(_file.Length == 0 ? "." : _file)}); it is a CSV file with a header such as level,height_um and a line for each level", unreadable);
        }
    }

    /// <summary>The decimal mark that the numbers which are read show; the point where they show none.</summary>
    private char Mark()
    {
        var read = Shown(_columns.Used);
        if (Decided(read) is { } mark)
            return mark;
        if (read.Find(cell => cell.Shows is DecimalMark.Evidence.CommaOrGroup) is not { Cell: { } open } unclear)
            return '.';
        return Decided(Shown(Enumerable.Range(0, _levels[0].Cells.Count)))
            ?? throw Wrong(unclear.Line, $"'{open}' may be {DecimalMark.Normal(Quantity(open).Number, ',')} or {DecimalMark.Normal(Quantity(open).Number, '.')}, and nothing else in the file says which; write one of them, without a comma");
    }

    private char? Decided(List<(int Line, string Cell, DecimalMark.Evidence Shows)> cells)
    {
        var point = cells.Find(cell => cell.Shows is DecimalMark.Evidence.Point);
        var comma = cells.Find(cell => cell.Shows is DecimalMark.Evidence.Comma);
        if (point.Cell is not null && comma.Cell is not null)
            throw Wrong(Math.Max(point.Line, comma.Line), $"'{comma.Cell}' has a decimal comma (line {comma.Line}), but '{point.Cell}' a decimal point (line {point.Line}); write all numbers of the file alike");
        return comma.Cell is not null ? ',' : point.Cell is not null ? '.' : null;
    }

    private List<(int Line, string Cell, DecimalMark.Evidence Shows)> Shown(IEnumerable<int> columns) =>
        [.. _levels.SelectMany(row => columns.Select(column => (row.Line, row.Cells[column], DecimalMark.Of(Quantity(row.Cells[column]).Number))))];

    private Length Height(int line, string cell)
    {
        var (number, unit) = _columns.Unit is { } stated ? (cell, stated) : Quantity(cell);
        if (unit.Length == 0)
            throw Wrong(line, $"the height '{cell}' has no unit; write the unit into the header, such as height_um, or beside file: unit: um");
        if (!LevelColumns.Units.Contains(unit, StringComparer.Ordinal))
            throw Wrong(line, $"'{unit}' is not a unit of a height; the units are {string.Join(", ", LevelColumns.Units)}");
        return DecimalMark.Normal(number, _mark) is { } normal && Length.TryParse($"{normal} {unit}", CultureInfo.InvariantCulture, out var height) ? height
            : throw NoNumber(line, cell, "height");
    }

    private double Number(int line, string cell, string what) =>
        DecimalMark.Normal(cell, _mark) is { } normal && double.TryParse(normal, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
            : throw NoNumber(line, cell, what);

    private ArgumentException NoNumber(int line, string cell, string what) =>
        Wrong(line, $"the {what} {Spelling.Quote(cell)} is no finite number{(_mark == ',' ? " with a decimal comma, as others of the file have" : "")}");

    /// <summary>A number and the unit behind it, if there is one.</summary>
    private static (string Number, string Unit) Quantity(string cell)
    {
        var end = cell.AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        var behind = LevelColumns.Plain(cell[end..]);
        return behind.Length > 0 && behind.All(char.IsLetter) ? (cell[..end].TrimEnd(), behind) : (cell, string.Empty);
    }

    private static bool IsNumber(string number) => DecimalMark.Normal(number, '.') is not null || DecimalMark.Normal(number, ',') is not null;

    private ArgumentException Wrong(int line, string message) => new($"{_file}:{line}: {message}");
}
