using System.CommandLine;
using System.Text.Json;
using OpticalQAT.Configuration;
using OpticalQAT.Formats;
using OpticalQAT.Studies.Comparison;

namespace OpticalQAT.Cli;

/// <summary><c>kinds</c>: what can stand behind every <c>kind:</c> of a configuration, from the catalogue.</summary>
internal static class KindsVerb
{
    public static Command Command()
    {
        var family = new Argument<string?>("FAMILY") { Description = "One family in full, or 'experiment' for the file itself, 'comparison' for that of compare.", Arity = ArgumentArity.ZeroOrOne };
        var json = CommandLine.Json();
        var command = new Verb("kinds", "List what can stand behind every 'kind:' of a configuration, with keys and defaults.",
            """
            Without FAMILY the families and their kinds are listed; with it the keys of each of its kinds, their types,
            bounds and defaults.

            Examples:
              opticalqat kinds
              opticalqat kinds quantizer
              opticalqat kinds experiment
            """)
        { family, json, NamedAssemblies.Option };
        command.SetAction(parsed =>
        {
            // The overview shows no keys, and they are most of the work.
            var listing = new Listing(withKeys: parsed.GetValue(json) || parsed.GetValue(family) is not null);
            var chosen = listing.Choose(parsed.GetValue(family));
            if (parsed.GetValue(json))
                Console.Out.WriteLine(JsonSerializer.Serialize(chosen, Json.Document));
            else if (parsed.GetValue(family) is null)
                PrintOverview(chosen);
            else
                chosen.ForEach(PrintWhole);
            return ExitCode.Done;
        });
        return command;
    }

    private static void PrintOverview(List<ListedFamily> families)
    {
        foreach (var family in families)
        {
            Paragraph.Print($"{family.Name}: {family.Description}", 0, hanging: 4);
            foreach (var kind in family.Kinds.Where(kind => kind.Name is not null))
                Paragraph.Print($"{kind.Name}: {kind.Description}", 2, hanging: 4);
            Console.Out.WriteLine();
        }
        Console.Out.WriteLine("The keys of a family's kinds: opticalqat kinds FAMILY");
    }

    private static void PrintWhole(ListedFamily family)
    {
        Paragraph.Print($"{family.Name}: {family.Description}", 0, hanging: 4);
        foreach (var kind in family.Kinds)
        {
            Console.Out.WriteLine();
            if (kind.Name is not null)
                Paragraph.Print($"kind: {kind.Name}", 0);
            Paragraph.Print(kind.Description, 4);
            PrintKeys(kind.Keys, 2);
        }
    }

    private static void PrintKeys(ListedKey[] keys, int indent)
    {
        foreach (var key in keys)
        {
            var bounds = key.Bounds.Length > 0 ? ", " + string.Join(", ", key.Bounds) : string.Empty;
            Paragraph.Print($"{key.Name}: {key.Type}{bounds}; {(key.Required ? "required" : $"default {key.Default}")}", indent, hanging: 4);
            Paragraph.Print(key.Description, indent + 4);
            PrintKeys(key.Keys ?? [], indent + 4);
        }
    }

    /// <summary>A family as it is listed.</summary>
    private sealed record ListedFamily(string Name, string Description, ListedKind[] Kinds);

    /// <summary>A kind as it is listed; without a name it is a record that no <c>kind:</c> chooses.</summary>
    private sealed record ListedKind(string? Name, string Description, ListedKey[] Keys);

    /// <summary>A key as it is listed; keys below it only where its value is a mapping.</summary>
    private sealed record ListedKey(string Name, string Type, bool Required, string? Default, string[] Bounds, string Description, ListedKey[]? Keys);

    /// <summary>The catalogue in the form in which it is listed.</summary>
    private sealed class Listing(bool withKeys)
    {
        private const string File = "experiment";
        private const string Comparison = "comparison";

        private readonly Catalogue _catalogue = Catalogue.OfAssembliesInUse();

        /// <summary>The family of that name, or all.</summary>
        /// <exception cref="UsageException">There is no such family; lists those that there are.</exception>
        public List<ListedFamily> Choose(string? name)
        {
            var families = _catalogue.Families;
            if (name is null)
                return [Experiments(), .. families.Select(Of)];
            if (string.Equals(name, File, StringComparison.Ordinal))
                return [Experiments()];
            if (string.Equals(name, Comparison, StringComparison.Ordinal))
                return [new(Comparison, "The comparison file, which 'compare' reads.", [new(null, string.Empty, Keys(typeof(ComparisonOptions)))])];
            var found = families.FirstOrDefault(family => string.Equals(family.Name, name, StringComparison.Ordinal))
                ?? throw new UsageException(NoFamily(name, families));
            return [Of(found)];
        }

        private static string NoFamily(string name, IReadOnlyList<VariantFamily> families)
        {
            string[] known = [File, Comparison, .. families.Select(family => family.Name)];
            var family = families.FirstOrDefault(family => family.Find(name) is not null);
            return family is not null
                ? $"'{name}' is a kind of the family '{family.Name}'; see: opticalqat kinds {family.Name}"
                : $"There is no family {Spelling.Quote(name)}{CommandMistakes.Guess(name, known)} The families are {string.Join(", ", known)}.";
        }

        private ListedFamily Experiments() =>
            new(File, "The configuration file itself.", [new(null, string.Empty, Keys(typeof(Experiment)))]);

        private ListedFamily Of(VariantFamily family) =>
            new(family.Name, family.Description, [.. family.Kinds.Select(kind => new ListedKind(kind.Name, kind.Description, Keys(kind.Type)))]);

        private ListedKey[] Keys(Type record) => !withKeys ? [] : [.. _catalogue.ShapeOf(record).Keys.Select(Of)];

        private ListedKey Of(ConfigurationKey key)
        {
            var shape = key.Shape;
            while (shape.Element is { } element)
                shape = element;
            return new ListedKey(
                key.Name, key.Shape.Name, key.IsRequired, key.IsRequired ? null : key.DefaultText,
                [.. shape.Bounds.Select(bound => bound.ExpectationFor(shape.Type))], key.Description,
                shape.Form == ValueForm.Record ? Keys(shape.Type) : null);
        }
    }
}
