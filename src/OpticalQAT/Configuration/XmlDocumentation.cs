using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace OpticalQAT.Configuration;

/// <summary>The summaries of an assembly's documentation file, as plain text for the user.</summary>
public sealed partial class XmlDocumentation
{
    private static readonly ConcurrentDictionary<Assembly, XmlDocumentation> Known = [];

    private readonly Dictionary<string, XElement> _summaries = new(StringComparer.Ordinal);

    /// <summary>Reads the file beside the assembly, once; without one, or with a damaged one, every summary is empty.</summary>
    public static XmlDocumentation Of(Assembly assembly) => Known.GetOrAdd(assembly, Read);

    private static XmlDocumentation Read(Assembly assembly)
    {
        // A program that is published as one file has no assembly files: only the folder is known.
        var path = assembly.Location.Length > 0
            ? Path.ChangeExtension(assembly.Location, ".xml")
            : Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");
        XmlDocumentation documentation = new();
        if (!File.Exists(path))
            return documentation;
        try
        {
            using var reader = XmlReader.Create(path);
            documentation.ReadSummaries(reader);
        }
        catch (XmlException)
        {
            // Descriptions are a help; a record can be read and listed without them.
            documentation._summaries.Clear();
        }

        return documentation;
    }

    // Only what is asked for later is built: the summaries of types and properties, a small part of the file.
    private void ReadSummaries(XmlReader reader)
    {
        string? member = null;
        while (!reader.EOF)
        {
            if (reader.NodeType != XmlNodeType.Element || reader.Name is not ("member" or "summary"))
            {
                reader.Read();
            }
            else if (reader.Name is "member")
            {
                member = reader.GetAttribute("name") is ['T' or 'P', ':', ..] and { } name ? name : null;
                if (member is null)
                    reader.Skip();
                else
                    reader.Read();
            }
            else if (member is not null)
            {
                _summaries[member] = (XElement)XNode.ReadFrom(reader); // goes on to what follows
                member = null;
            }
            else
            {
                reader.Skip();
            }
        }
    }

    /// <summary>The summary of a type or property.</summary>
    public string SummaryOf(MemberInfo member)
    {
        var id = member is Type type ? "T:" + IdOf(type) : $"P:{IdOf(member.DeclaringType!)}.{member.Name}";
        return _summaries.TryGetValue(id, out var summary)
            ? Whitespace().Replace(string.Concat(summary.Nodes().Select(Flatten)), " ").Trim()
            : string.Empty;
    }

    private static string IdOf(Type type) => type.FullName!.Replace('+', '.');

    private static string Flatten(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { IsEmpty: true } element => NameIn(element),
        XElement { Name.LocalName: "para" } element => $" {string.Concat(element.Nodes().Select(Flatten))} ",
        XElement element => string.Concat(element.Nodes().Select(Flatten)),
        _ => string.Empty,
    };

    // <see cref="P:Optics.Grid.PixelPitch"/> names a key, so it becomes pixel_pitch; a type keeps its name.
    private static string NameIn(XElement element)
    {
        var reference = (element.Attribute("cref") ?? element.Attribute("name")
            ?? element.Attribute("langword") ?? element.Attribute("href"))?.Value ?? string.Empty;
        if (reference.Length < 2 || reference[1] != ':')
            return reference;
        var name = reference.Split('(')[0].Split('.')[^1].Split('`')[0];
        return reference[0] is 'P' or 'F' ? ConfigurationKey.NameOf(name) : name.Replace("T:", string.Empty, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
