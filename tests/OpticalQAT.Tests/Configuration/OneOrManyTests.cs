using NUnit.Framework;
using OpticalQAT.Configuration;

namespace OpticalQAT.Tests.Configuration;

public class OneOrManyTests
{
    [Test]
    public void One_value_fills_all_places() => Assert.That(new OneOrMany<int>(4).Expand(3), Is.EqualTo((int[])[4, 4, 4]));

    [Test]
    public void A_list_fills_as_many_places_as_it_has()
    {
        OneOrMany<int> list = new[] { 1, 2 };
        Assert.That(list.Expand(2), Is.EqualTo((int[])[1, 2]));
        Assert.That(list.Fits(3), Is.False);
        Assert.That(() => list.Expand(3), Throws.ArgumentException.With.Message.StartsWith("3 values are needed, but the list has 2"));
    }

    [Test]
    public void Is_equal_by_form_and_elements()
    {
        Assert.That(new OneOrMany<int>([1, 2]) == new OneOrMany<int>([1, 2]), Is.True);
        Assert.That(new OneOrMany<int>([1]) != new OneOrMany<int>(1), Is.True);
        HashSet<OneOrMany<int>> set = [new([1, 2]), new([1, 2]), new(1)];
        Assert.That(set, Has.Count.EqualTo(2));
        Assert.That(new OneOrMany<int>([1, 2]).GetHashCode(), Is.Not.EqualTo(new OneOrMany<int>([1, 3]).GetHashCode()));
        Assert.That(default(OneOrMany<int>).Values, Is.Empty);
    }
}
