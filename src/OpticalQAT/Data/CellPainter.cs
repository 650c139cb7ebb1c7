namespace OpticalQAT.Data;

/// <summary>Paints a few cells into an image. Positions run from -1 to 1 across it.</summary>
/// <param name="pixels">Pixels a side.</param>
internal sealed class CellPainter(int pixels)
{
    private const int MostCells = 4;

    /// <summary>One to four cells of one preparation, the thickest point between 0.7 and 1 of the range.</summary>
    /// <param name="random">The example's generator.</param>
    /// <param name="image">Receives uint8, pixels × pixels.</param>
    public void Paint(ref SplitMix64 random, Span<byte> image)
    {
        var cells = new Cell[1 + random.NextBelow(MostCells)];
        var size = 0.62 / Math.Sqrt(cells.Length);
        for (var i = 0; i < cells.Length; i++)
            cells[i] = Cell.Draw(ref random, size);
        var thickest = random.NextUniform(0.7, 1);

        var thickness = new double[pixels * pixels];
        for (var row = 0; row < pixels; row++)
        {
            for (var column = 0; column < pixels; column++)
            {
                var (x, y) = ((2 * column + 1.0) / pixels - 1, (2 * row + 1.0) / pixels - 1);
                // Cells that overlap lie beside each other in part: less than the sum, more than the thicker one.
                var clear = 1.0;
                foreach (var cell in cells)
                    clear *= 1 - Math.Min(0.95, cell.ThicknessAt(x, y));
                thickness[row * pixels + column] = 1 - clear;
            }
        }
        var highest = thickness.Max();
        for (var i = 0; i < thickness.Length; i++)
            image[i] = (byte)Math.Round(byte.MaxValue * thickest * thickness[i] / highest);
    }

    /// <summary>One cell: an ellipse whose outline a few waves deform, its nucleus, and what its texture is made of.</summary>
    private sealed class Cell
    {
        private const int Outline = 4, Grains = 5, Nucleoli = 2;

        private double _x, _y, _wide, _high, _cosine, _sine, _nucleusX, _nucleusY, _nucleus, _bulk, _grain;
        private readonly (double Amplitude, double Phase)[] _outline = new (double, double)[Outline];
        private readonly (double X, double Y, double Phase)[] _grains = new (double, double, double)[Grains];
        private readonly (double X, double Y, double Radius)[] _nucleoli = new (double, double, double)[Nucleoli];

        /// <param name="random">The generator.</param>
        /// <param name="size">The mean radius of the cells in this image.</param>
        public static Cell Draw(ref SplitMix64 random, double size)
        {
            var angle = random.NextUniform(0, 2 * Math.PI);
            var mean = size * random.NextUniform(0.75, 1.2);
            var stretch = random.NextUniform(1, 1.5);
            var room = Math.Max(0, 0.95 - mean);
            var cell = new Cell
            {
                _x = random.NextUniform(-room, room),
                _y = random.NextUniform(-room, room),
                _wide = mean * Math.Sqrt(stretch),
                _high = mean / Math.Sqrt(stretch),
                _cosine = Math.Cos(angle),
                _sine = Math.Sin(angle),
                _nucleusX = random.NextUniform(-0.2, 0.2),
                _nucleusY = random.NextUniform(-0.2, 0.2),
                _nucleus = random.NextUniform(0.35, 0.5),
                _bulk = random.NextUniform(0.35, 0.5),
                _grain = random.NextUniform(0.03, 0.08),
            };
            for (var k = 0; k < Outline; k++)
                cell._outline[k] = (random.NextUniform(0, 0.12 / (k + 1)), random.NextUniform(0, 2 * Math.PI));
            for (var k = 0; k < Grains; k++)
                cell._grains[k] = (random.NextUniform(-14, 14), random.NextUniform(-14, 14), random.NextUniform(0, 2 * Math.PI));
            for (var k = 0; k < Nucleoli; k++)
                cell._nucleoli[k] = (cell._nucleusX + random.NextUniform(-0.18, 0.18), cell._nucleusY + random.NextUniform(-0.18, 0.18), random.NextUniform(0.07, 0.12));
            return cell;
        }

        /// <summary>From 0, outside, to about 1.</summary>
        public double ThicknessAt(double x, double y)
        {
            // In the cell's own axes, in units of its half-widths.
            var (dx, dy) = (x - _x, y - _y);
            var (u, v) = ((_cosine * dx + _sine * dy) / _wide, (_cosine * dy - _sine * dx) / _high);
            var angle = Math.Atan2(v, u);
            var edge = 1.0;
            for (var k = 0; k < Outline; k++)
                edge += _outline[k].Amplitude * Math.Cos((k + 2) * angle + _outline[k].Phase);
            var inside = 1 - (u * u + v * v) / (edge * edge);
            if (inside <= 0)
                return 0;
            var dome = Math.Pow(inside, 0.7);
            var texture = 0.0;
            foreach (var (kx, ky, phase) in _grains)
                texture += Math.Cos(kx * u + ky * v + phase);
            var bump = Bump(u - _nucleusX, v - _nucleusY, _nucleus);
            var spots = 0.0;
            foreach (var (sx, sy, radius) in _nucleoli)
                spots += Bump(u - sx, v - sy, radius);
            return Math.Max(0, dome * (_bulk + 0.3 * bump + 0.12 * spots + _grain * texture));
        }

        /// <summary>1 in the middle, 0 well outside the radius, with a soft edge.</summary>
        private static double Bump(double x, double y, double radius)
        {
            var squared = (x * x + y * y) / (radius * radius);
            return Math.Exp(-squared * squared);
        }
    }
}
