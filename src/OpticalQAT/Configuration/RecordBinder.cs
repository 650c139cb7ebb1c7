using OpticalQAT.Units;

namespace OpticalQAT.Configuration;

/// <summary>Makes records of nodes. It goes on after an error, so that the user sees all of them at once.</summary>
/// <param name="catalogue">Where the kinds are found.</param>
internal sealed class RecordBinder(Catalogue catalogue)
{
    /// <summary>The key that chooses among a family's records.</summary>
    public const string KindKey = "kind";

    public List<ConfigurationError> Errors { get; } = [];
    public List<string> Notices { get; } = [];

    /// <summary>
    /// Whether the text was written without the paths of the machine that it comes from: a required one may be missing
    /// (its value is then null), and none may be written but by an override.
    /// </summary>
    public bool IsPortable { get; init; }

    /// <summary>Assemblies that the text names and that are not loaded, for what is said of a kind that is not found.</summary>
    public string[] MissingAssemblies { get; init; } = [];

    /// <summary>Binds a node; false when the errors say why it cannot be.</summary>
    /// <param name="node">What was written.</param>
    /// <param name="shape">What may be written.</param>
    /// <param name="path">The dotted path, for messages; empty for the root.</param>
    /// <param name="standing">What holds where nothing is written: the keys of a record that are absent keep its values.</param>
    /// <param name="value">The value.</param>
    public bool TryBind(ConfigurationNode node, ValueShape shape, string path, object? standing, out object? value)
    {
        value = null;
        if (node is DamagedNode)
            return false;
        if (node.IsNull && shape.IsNullable)
            return true;
        if (shape.Form == ValueForm.Variant && node is ScalarNode { IsNull: false } name && VariantFamily.IsWrittenByName(shape.Type))
        {
            MappingNode named = new(node.Place);
            named.Add(new(KindKey, node.Place, name));
            node = named;
        }
        switch (shape.Form, node)
        {
            case (ValueForm.Scalar, ScalarNode scalar) when !scalar.IsNull || shape.IsLocalPath && scalar.Text is "~":
                return TryBindScalar(scalar, shape, path, out value);
            case (ValueForm.List, SequenceNode sequence):
                return TryBindList(sequence, shape.Element!, path, out value);
            case (ValueForm.OneOrMany, SequenceNode):
            case (ValueForm.OneOrMany, ScalarNode { IsNull: false }) when shape.Element!.Form is ValueForm.Scalar:
            case (ValueForm.OneOrMany, MappingNode) when shape.Element!.Form is ValueForm.Record or ValueForm.Variant:
                return TryBindOneOrMany(node, shape, path, out value);
            case (ValueForm.Record, MappingNode mapping):
                return TryBindRecord(mapping, shape.Type, path, standing, out value);
            case (ValueForm.Variant, MappingNode mapping):
                return TryBindVariant(mapping, shape.Type, path, standing, out value) && KeepsBounds(mapping, shape, path, value);
            case (ValueForm.Record or ValueForm.Variant, RecordNode { Value: var given }) when shape.Type.IsInstanceOfType(given):
                value = given;
                return KeepsBounds(node, shape, path, value);
            case (ValueForm.Piece, MappingNode mapping):
                value = new ConfigurationPiece(mapping);
                return true;
            default:
                Report(node.Place, WrongForm(node, shape, path));
                return false;
        }
    }

    private string WrongForm(ConfigurationNode node, ValueShape shape, string path)
    {
        var subject = path.Length == 0 ? "the configuration" : $"'{path}'";
        var wrong = $"{subject} must be {shape.Expectation}, but is {node.Description}";
        if (shape.Form == ValueForm.Scalar && shape.Type == typeof(string) && node.IsNull)
            return $"{wrong}; write \"{((ScalarNode)node).Text}\" in quotes if that is meant";
        if (node is ScalarNode { IsPlain: true, Text: var text } && LineForm.Colon(text, KeysOf(shape)) is { } line)
            return $"{wrong}; write '{line}', with a space behind the colon";
        if (shape.Form == ValueForm.List && node is MappingNode { Entries: [{ Key: ['-', ..] }, ..] })
            return $"{wrong}; write '- ' with a space behind the dash";
        if (shape.Form == ValueForm.Record && node.IsNull)
            return $"{wrong}; write '{{}}' for the defaults";
        if (shape.Form == ValueForm.Record)
            return $"{wrong}; {Listed(RecordShape.Of(shape.Type), path)}";
        if (shape.Form != ValueForm.Variant)
            return wrong;
        return node is ScalarNode { IsNull: false } word && catalogue.FamilyOf(shape.Type).Find(word.Text) is not null
            ? $"{wrong}; write '{{ kind: {word.Text} }}'"
            : $"{wrong}; {ListedKinds(shape.Type)}";
    }

    private bool TryBindScalar(ScalarNode node, ValueShape shape, string path, out object? value)
    {
        var problem = string.Empty;
        if (shape.IsLocalPath)
            value = LocalPath.TryExpand(node.Text, out var expanded, out problem) ? expanded : null;
        else if (shape.TakesFrequency && Frequency.TryParse(node.Text, null, out var frequency))
            value = frequency.Wavelength;
        else
            value = ScalarText.Read(node.Text, shape.Type, out problem);
        if (value is null && shape.TakesFrequency)
            problem += "; a frequency may stand here as well, for example '0.4 THz'";
        var size = value is null ? null : ScalarText.SizeOf(value);
        if (size is { } number && shape.Bounds.FirstOrDefault(b => !b.Allows(number)) is { } broken)
            (value, problem) = (null, $"must be {broken.ExpectationFor(shape.Type)}, but is {node.Text}");
        if (value is null)
            Report(node.Place, $"'{path}' {problem}");
        return value is not null;
    }

    /// <summary>Whether all values of what runs through several are such as their place allows.</summary>
    private bool KeepsBounds(ConfigurationNode node, ValueShape shape, string path, object? value)
    {
        if (value is not IRanging { Range: var (lowest, highest) } || shape.Bounds.FirstOrDefault(b => !b.Allows(lowest) || !b.Allows(highest)) is not { } broken)
            return true;
        var values = lowest == highest ? $"is {lowest}" : broken.Allows(lowest) ? $"rises to {highest}" : $"falls to {lowest}";
        Report(node.Place, $"'{path}' must be {broken.ExpectationFor(shape.Type)} at all times, but {values}");
        return false;
    }

    private bool TryBindList(SequenceNode node, ValueShape element, string path, out object? value)
    {
        var before = Errors.Count;
        var isNullable = element.IsNullable && element.Type.IsValueType;
        var type = isNullable ? typeof(Nullable<>).MakeGenericType(element.Type) : element.Type;
        var array = Array.CreateInstance(type, node.Items.Count);
        var ok = true;
        for (var i = 0; i < node.Items.Count; i++)
        {
            if (TryBind(node.Items[i], element, $"{path}.{i}", standing: null, out var item))
                array.SetValue(item, i);
            else
                ok = false;
        }

        value = array;
        return ok && Errors.Count == before;
    }

    private bool TryBindOneOrMany(ConfigurationNode node, ValueShape shape, string path, out object? value)
    {
        var ok = node is SequenceNode many
            ? TryBindList(many, shape.Element!, path, out var content)
            : TryBind(node, shape.Element!, path, standing: null, out content);
        value = ok ? Activator.CreateInstance(shape.Type, content) : null;
        return ok;
    }

    private bool TryBindVariant(MappingNode node, Type type, string path, object? standing, out object? value)
    {
        value = null;
        var family = catalogue.FamilyOf(type);
        var entry = node.Find(KindKey);
        if (entry is null)
        {
            // An override of a key below a default means that default; in a file the kind is always written.
            if (node.IsImplied && standing is not null)
                return TryBindRecord(node, standing.GetType(), path, standing, out value);
            Report(node.Place, $"the key '{Below(path, KindKey)}' is missing; {ListedKinds(type)}");
            return false;
        }

        if (entry.Value is DamagedNode)
            return false;
        if (entry.Value is not ScalarNode { IsNull: false, Text: string name })
        {
            Report(entry.Value.Place, $"'{Below(path, KindKey)}' must be the name of a {family.Name}, but is {entry.Value.Description}; {ListedKinds(type)}");
            return false;
        }

        if (family.Find(name) is { } kind && kind.Type.IsAssignableTo(type))
            return TryBindRecord(node, kind.Type, path, standing, out value);
        var guess = Spelling.Nearest(name, KindsFor(type)) is { } nearest ? $"; did you mean '{nearest}'?" : string.Empty;
        var elsewhere = MissingAssemblies.Length > 0
            ? $"; {Spelling.Quote(name)} is in none of the assemblies in use, and no file of a run or a model loads any: if you trust those that are named here, say {string.Join(' ', MissingAssemblies.Select(path => $"--assembly {path}"))}"
            : guess.Length > 0 ? string.Empty : $"; {Spelling.Quote(name)} is in none of the assemblies in use: name the one that has it, --assembly PATH";
        Report(entry.Value.Place, $"there is no {family.Name} {Spelling.Quote(name)}; {ListedKinds(type)}{guess}{elsewhere}");
        return false;
    }

    private bool TryBindRecord(MappingNode node, Type type, string path, object? standing, out object? value)
    {
        var before = Errors.Count;
        var ok = true;
        var shape = RecordShape.Of(type);
        var isFresh = standing?.GetType() != type;
        value = isFresh ? RecordShape.Create(type) : RecordShape.Copy(standing!);
        MappingEntry? empty = null; // the last key above without a value
        foreach (var entry in node.Entries)
        {
            if (entry.Key is KindKey && value is Variant)
                continue;
            if (shape.Find(entry.Key) is not { } key)
                ReportUnknown(node, entry, empty, shape, path);
            else if (IsPortable && key.IsLocalPath && !entry.Place.IsOverride)
                Report(entry.Place, $"'{Below(path, key.Name)}' is a path on a machine, and no such path is taken from here");
            else if (TryBind(entry.Value, key.Shape, Below(path, key.Name), key.Property.GetValue(value), out var part))
                key.Property.SetValue(value, part);
            else
                ok = false;
            if (entry.Value.IsNull)
                empty = entry;
        }

        ConfigurationKey[] missing = [.. shape.Keys.Where(k => isFresh && k.IsRequired && node.Find(k.Name) is null)];
        foreach (var key in missing.Where(k => !(IsPortable && k.IsLocalPath)))
            Report(node.Place, $"the key '{Below(path, key.Name)}' is missing; it must be {key.Shape.Expectation}");

        ok &= Errors.Count == before;
        if (!ok || missing.Length > 0 || value is not IChecked record)
            return ok;
        foreach (var problem in record.Check())
            Report(PlaceOf(node, problem.Key), problem.Message);
        return Errors.Count == before;
    }

    private void ReportUnknown(MappingNode node, MappingEntry entry, MappingEntry? empty, RecordShape shape, string path)
    {
        var unknown = Below(path, entry.Key);
        if (IsLeftByReplacedKind(node, entry, shape.Type))
        {
            var place = node.Find(KindKey)!.Place;
            Notices.Add($"{place}: '{unknown}' is a key of '{node.ReplacedKind}' and was dropped ({entry.Place})");
            return;
        }

        var remedy = LineForm.Colon(entry.Key, shape.Keys.Select(k => k.Name)) is { } line ? $"write '{line}', with a colon and a space behind it"
            : entry.Key is BaseFile.Key && BaseFile.IsTakenBy(shape.Type) ? "what stands here cannot have a base: 'base' is written into an experiment file"
            : empty is not null && BelongsBelow(empty, entry, shape) ? $"indent it, if it belongs to '{Below(path, empty.Key)}'"
            : Spelling.Nearest(entry.Key, shape.Keys.Select(k => k.Name)) is { } nearest
            ? $"did you mean '{Below(path, nearest)}'?"
            : Listed(shape, path);
        Report(entry.Place, $"there is no key {Spelling.Quote(unknown)}; {remedy}");
    }

    /// <summary>Whether a key that is unknown here is known to the empty one above it: the lines below that were not indented.</summary>
    private static bool BelongsBelow(MappingEntry empty, MappingEntry entry, RecordShape shape) =>
        shape.Find(empty.Key) is { Shape: { Form: ValueForm.Record } below } && RecordShape.Of(below.Type).Find(entry.Key) is not null;

    /// <summary>The names of a record's keys; none where kinds differ in them.</summary>
    private static IEnumerable<string> KeysOf(ValueShape shape) =>
        shape.Form == ValueForm.Record ? RecordShape.Of(shape.Type).Keys.Select(k => k.Name) : shape.Form == ValueForm.Variant ? [KindKey] : [];

    // What the file's own kind knew was no mistake of the user, who has since asked for another kind.
    private bool IsLeftByReplacedKind(MappingNode node, MappingEntry entry, Type type) =>
        node.ReplacedKind is { } replaced && type.IsAssignableTo(typeof(Variant)) && !entry.Place.IsOverride
        && catalogue.FamilyOf(type).Find(replaced) is { } old && RecordShape.Of(old.Type).Find(entry.Key) is not null;

    private static Place PlaceOf(MappingNode node, string key)
    {
        var place = node.Place;
        foreach (var name in key.Split('.'))
        {
            if (node.Find(name) is not { } entry)
                break;
            place = entry.Place;
            if (entry.Value is not MappingNode below)
                break;
            node = below;
        }

        return place;
    }

    private static string Listed(RecordShape shape, string path)
    {
        var whose = path.Length == 0 ? "the configuration" : $"'{path}'";
        return shape.Keys.Count == 0 ? $"{whose} has no keys" : $"the keys of {whose} are {Spelling.List(shape.Keys.Select(k => k.Name))}";
    }

    private string ListedKinds(Type type) => $"the kinds of {VariantFamily.NameOf(type)} are {Spelling.List(KindsFor(type))}";

    private IEnumerable<string> KindsFor(Type type) =>
        catalogue.FamilyOf(type).Kinds.Where(k => k.Type.IsAssignableTo(type)).Select(k => k.Name);

    private static string Below(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private void Report(Place place, string message) => Errors.Add(new(place, message));
}
