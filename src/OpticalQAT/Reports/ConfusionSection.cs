using OpticalQAT.Units;

namespace OpticalQAT.Reports;

/// <summary>The confusion matrix as a table whose cells are shaded by their share of the row.</summary>
internal static class ConfusionSection
{
    public static HtmlText Render(ReportContent content)
    {
        if (content.Illustration.Confusion is not { Length: > 0 } counts)
            return HtmlText.Empty;
        var classes = counts.GetLength(0);
        var head = Enumerable.Range(0, counts.GetLength(1)).Select(c => HtmlText.Of($"""<th scope="col">{Wording.ClassOf(content, c)}</th>"""));
        var rows = Enumerable.Range(0, classes).Select(r => Row(content, counts, r));
        return HtmlText.Of($"""
            <section id="confusion" aria-labelledby="confusion-title"><h2 id="confusion-title">Confusion matrix</h2>
            <p class="lead">{Summary(content, counts)}</p>
            <div class="scroll"><table class="confusion"><caption>Test samples by true class (rows) and predicted class (columns); the last column is the share of the row that is right</caption>
            <thead><tr><td></td>{HtmlText.Join(head)}<th scope="col">right</th></tr></thead>
            <tbody>{HtmlText.Join(rows)}</tbody></table></div></section>
            """);
    }

    private static HtmlText Row(ReportContent content, int[,] counts, int row)
    {
        var columns = Enumerable.Range(0, counts.GetLength(1)).ToArray();
        var total = Math.Max(1, columns.Sum(c => counts[row, c]));
        var cells = columns.Select(c =>
        {
            var share = (double)counts[row, c] / total;
            // Mistakes are few: on a linear scale every one of them would be white.
            var shade = c == row ? share : Math.Sqrt(share);
            return HtmlText.Of($"""<td class="{(c == row ? "hit" : "miss")}" style="--share:{100 * shade:0.#}%">{(counts[row, c] == 0 ? "·" : NumberText.Count(counts[row, c]))}</td>""");
        });
        var right = row < columns.Length ? (double)counts[row, row] / total : 0;
        return HtmlText.Of($"""<tr><th scope="row">{Wording.ClassOf(content, row)}</th>{HtmlText.Join(cells)}<td class="rate">{NumberText.Percent(right)}</td></tr>""");
    }

    private static string Summary(ReportContent content, int[,] counts)
    {
        var pairs = from r in Enumerable.Range(0, counts.GetLength(0))
                    from c in Enumerable.Range(0, counts.GetLength(1))
                    where r != c && counts[r, c] > 0
                    orderby counts[r, c] descending
                    select $"{Wording.ClassOf(content, r)} taken for {Wording.ClassOf(content, c)} ({NumberText.Count(counts[r, c])})";
        var worst = pairs.Take(3).ToArray();
        return worst.Length == 0 ? "No sample was taken for another class." : $"The most frequent mistakes: {string.Join(", ", worst)}.";
    }
}
