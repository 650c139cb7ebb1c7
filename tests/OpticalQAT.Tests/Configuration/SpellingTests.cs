using NUnit.Framework;
using OpticalQAT.Configuration;

namespace OpticalQAT.Tests.Configuration;

public class SpellingTests
{
    [TestCase("batch_sise", "batch_size")]
    [TestCase("batchSize", "batch_size")]
    [TestCase("batch-size", "batch_size")]
    [TestCase("BATCH-SIZE", "batch_size")]
    [TestCase("batchsize", "batch_size", Description = "one letter away, not two as batch_sizes")]
    [TestCase("sede", "seed", Description = "two neighbours are swapped: one change, as sedes")]
    [TestCase("xxxxseed", null)]
    [TestCase("seedxxxx", null)]
    [TestCase("x", null, Description = "a guess that shares no letter helps nobody")]
    [TestCase("", null)]
    public void The_nearest_name_is_guessed(string written, string? expected) =>
        Assert.That(Spelling.Nearest(written, ["a", "batch_sizes", "batch_size", "seed", "sedes"]), Is.EqualTo(expected));

    [TestCase("sede", "sedes", "seed")]
    [TestCase("sede", "seed", "sedes")]
    public void Of_names_that_are_as_near_the_first_is_guessed(string written, string first, string second) =>
        Assert.That(Spelling.Nearest(written, [first, second]), Is.EqualTo(first));

    [Test]
    public void What_is_very_long_is_no_slip_of_the_pen()
    {
        string name = new('a', 200), longer = new('a', 201);
        Assert.That(Spelling.Nearest(name, [name]), Is.EqualTo(name));
        Assert.That(Spelling.Nearest(longer, [longer]), Is.Null);
    }

    [Test]
    public void Quoted_text_is_one_line_of_at_most_sixty_letters()
    {
        string sixty = new('x', 60);
        Assert.That(Spelling.Quote("a\tb\n"), Is.EqualTo("'a b '"));
        Assert.That(Spelling.Quote(sixty), Is.EqualTo($"'{sixty}'"));
        Assert.That(Spelling.Quote(sixty + "y"), Is.EqualTo($"'{sixty}…'"));
    }
}
