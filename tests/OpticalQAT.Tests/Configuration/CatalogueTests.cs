using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Units;

namespace OpticalQAT.Tests.Configuration;

public class CatalogueTests
{
    private static readonly Catalogue Catalogue = new(typeof(Bench).Assembly);

    [Test]
    public void A_scan_finds_the_family_and_its_kinds()
    {
        var family = Catalogue.Families.Single(f => f.Type == typeof(Curve));

        Assert.That(family.Name, Is.EqualTo("curve"));
        Assert.That(family.Description, Is.EqualTo("How a value runs."));
        Assert.That(family.Kinds, Is.EqualTo(new VariantKind[]
        {
            new("constant", typeof(Flat), ""),
            new("cosine", typeof(Cosine), ""),
            new("straight_line", typeof(Line), "A straight line."),
        }));
        Assert.That(Catalogue.FamilyOf(typeof(Line)), Is.SameAs(Catalogue.FamilyOf(typeof(Curve))));
    }

    [Test]
    public void Keys_have_types_defaults_and_descriptions()
    {
        var keys = Catalogue.ShapeOf(typeof(Bench)).Keys;

        Assert.That(keys.Select(k => $"{k.Name}: {k.Shape.Name}"), Is.EqualTo((string[])[
            "name: text", "note: null or text", "seed: integer", "folder: text", "lamp: mapping", "rays: mapping", "curve: curve",
            "second: null or curve", "curves: list of curve", "spacing: length, or a list of them",
        ]));
        Assert.That(keys.Where(k => k.IsRequired).Select(k => k.Name), Is.EqualTo((string[])["name", "lamp"]));
        Assert.That(keys.Where(k => k.IsLocalPath).Select(k => k.Name), Is.EqualTo((string[])["folder"]));
        Assert.That(keys[0].Default, Is.Null);
        Assert.That(keys[2].Default, Is.EqualTo(1));
        Assert.That(keys[2].Shape.Bounds.Select(b => b.Expectation), Is.EqualTo((string[])["at least 0"]));
        Assert.That(keys[9].Default, Is.EqualTo(new OneOrMany<Length>(new Length(0.024))));
        Assert.That(keys[0].Description, Is.EqualTo("The bench's name, see Lamp and count."));
    }

    [Test]
    public void Defaults_are_told_as_the_user_would_write_them() =>
        Assert.That(string.Join('\n', Catalogue.ShapeOf(typeof(Bench)).Keys.Select(k => k.DefaultText)), Is.EqualTo("""

            null
            1
            runs

            { count: 7, budget: 10000000000, weights: [0.5, 1E-07], pairs: [[1, 2], [3]], limit: null, labels: [] }
            { kind: straight_line, from: 0, to: 3 }
            null
            []
            24 mm
            """));

    [Test]
    public void Keys_of_the_base_record_come_first() =>
        Assert.That(Catalogue.ShapeOf(typeof(Cosine)).Keys.Select(k => k.Name), Is.EqualTo((string[])["from", "to", "cycles"]));

    [Test]
    public void Names_of_types_are_the_users_own() =>
        Assert.That(Catalogue.ShapeOf(typeof(Lamp)).Keys.Concat(Catalogue.ShapeOf(typeof(Rays)).Keys).Select(k => k.Shape.Name), Is.EqualTo((string[])[
            "length", "angle", "true or false", "none | left_circular | right_circular",
            "integer", "integer", "list of number", "list of list of integer", "null or number", "list of null or text",
        ]));

    // A property of a type that cannot be configured, a family without a name or two kinds with the same throw here.
    [Test]
    public void Every_kind_of_the_library_can_be_listed()
    {
        Catalogue library = new(typeof(Variant).Assembly);
        Assert.That(library.Families, Is.Not.Empty);
        foreach (var kind in library.Families.SelectMany(f => f.Kinds))
            Assert.That(() => library.ShapeOf(kind.Type).Keys, Throws.Nothing, kind.Name);
    }
}
