using System.Reflection;
using System.Runtime.Loader;

namespace OpticalQAT.Configuration;

/// <summary>
/// The assemblies in use: the library's own, and those that a program or its user has named. Their kinds can be chosen in
/// every configuration. An assembly is named in code, by <c>--assembly</c>, or under <see cref="Key"/> in an experiment file that
/// is given on the command line; never by a model, a checkpoint or the folder of a run, so that a file that somebody sent loads no code.
/// </summary>
public static class KindAssemblies
{
    /// <summary>The key of an experiment file under which assemblies stand.</summary>
    internal const string Key = "assemblies";

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, Assembly> Loaded = new(StringComparer.Ordinal); // by full path
    private static volatile Assembly[] _inUse = [typeof(Variant).Assembly];

    /// <summary>The assemblies in use, the library's own first.</summary>
    public static IReadOnlyList<Assembly> InUse => _inUse;

    /// <summary>Puts an assembly that the program has loaded to use; one that is in use already stays so.</summary>
    /// <exception cref="ArgumentException">Its kinds cannot be chosen; the message says which, and why.</exception>
    public static void Use(Assembly assembly)
    {
        if (Adopt(assembly) is { } misfit)
            throw new ArgumentException($"{assembly.GetName().Name}: {misfit}", nameof(assembly));
    }

    /// <summary>Loads an assembly from a file, with what it needs from the same folder, and puts it to use. The library and what it needs itself are shared.</summary>
    /// <param name="path">The DLL.</param>
    /// <exception cref="ConfigurationException">There is no such file, it is no .NET assembly, or its kinds cannot be chosen; the message says which, and why.</exception>
    public static Assembly Load(string path) => Load(path, new Place(path, 0, 0));

    /// <summary>The same for a path that was written somewhere.</summary>
    /// <param name="path">The DLL.</param>
    /// <param name="place">Where it was written, for errors.</param>
    internal static Assembly Load(string path, Place place)
    {
        var full = Path.GetFullPath(path);
        lock (Gate)
        {
            if (Loaded.TryGetValue(full, out var known))
                return known;
            var problem = Directory.Exists(full) ? "this is a folder, and the assembly in it is wanted, a .dll" : !File.Exists(full) ? "there is no such file" : null;
            Assembly? assembly = null;
            try
            {
                if (problem is null)
                    assembly = new Context(full).LoadFromAssemblyPath(full);
            }
            catch (BadImageFormatException)
            {
                problem = "this is no .NET assembly";
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                problem = $"this cannot be loaded: {unreadable.Message}";
            }

            if (assembly is not null)
                problem = Adopt(assembly);
            if (problem is not null)
                throw new ConfigurationException([new ConfigurationError(place, $"the assembly {full}: {problem}")]);
            Loaded.Add(full, assembly!);
            return assembly!;
        }
    }

    /// <summary>
    /// Loads what an experiment file names under <see cref="Key"/>, itself or in an override; not what a file names that it is laid
    /// over. To be called for a file only that the user has given, for it runs code.
    /// </summary>
    /// <param name="file">The experiment file. A relative path starts at its folder, one in an override at the current folder.</param>
    /// <param name="overrides"><c>key=value</c> with dotted paths.</param>
    /// <returns>The full paths.</returns>
    /// <exception cref="ConfigurationException">One of them cannot be used.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<string> LoadNamedIn(string file, IReadOnlyList<string> overrides)
    {
        // What is wrong with the file is said when it is read as a whole.
        if (BaseFile.ReadOne(file, []) is not MappingNode root)
            return [];
        Overrides.Apply(root, overrides, []);
        (string Path, Place Place)[] named = [.. NamedIn(root)];
        foreach (var (path, place) in named)
            Load(path, place);
        return [.. named.Select(each => each.Path)];
    }

    /// <summary>The full paths of the assemblies that a configuration names and that are not loaded.</summary>
    internal static string[] MissingOf(ConfigurationNode? root)
    {
        lock (Gate)
            return root is MappingNode mapping ? [.. NamedIn(mapping).Select(each => each.Path).Where(path => !Loaded.ContainsKey(path))] : [];
    }

    private static IEnumerable<(string Path, Place Place)> NamedIn(MappingNode root) =>
        (root.Find(Key)?.Value as SequenceNode)?.Items.OfType<ScalarNode>().Where(node => !node.IsNull)
            .Select(node => (LocalPath.TryExpand(node.Text, out var path, out _) ? Resolved(path, node.Place) : string.Empty, node.Place))
            .Where(each => each.Item1.Length > 0) ?? [];

    /// <summary>The full path; empty for what can be none.</summary>
    private static string Resolved(string path, Place place)
    {
        try
        {
            return Path.GetFullPath(path, place.IsOverride ? Environment.CurrentDirectory : Path.GetDirectoryName(Path.GetFullPath(place.Source))!);
        }
        catch (ArgumentException)
        {
            return string.Empty;
        }
    }

    /// <summary>Puts an assembly to use, unless that cannot be.</summary>
    /// <returns>The reason why it cannot be; null where it is in use.</returns>
    private static string? Adopt(Assembly assembly)
    {
        lock (Gate)
        {
            if (_inUse.Contains(assembly))
                return null;
            Assembly[] all = [.. _inUse, assembly];
            try
            {
                if (MisfitAmong(assembly, all) is { } misfit)
                    return misfit;
            }
            catch (Exception unfit) when (unfit is ReflectionTypeLoadException or TypeLoadException or MissingMemberException or IOException or BadImageFormatException)
            {
                return OfAnotherVersion(assembly, (unfit as ReflectionTypeLoadException)?.LoaderExceptions.FirstOrDefault(each => each is not null) ?? unfit);
            }

            _inUse = all;
            return null;
        }
    }

    private static string? MisfitAmong(Assembly assembly, Assembly[] all)
    {
        (Type Type, string Name)[] kinds =
        [
            .. assembly.GetTypes().Select(type => (Type: type, type.GetCustomAttribute<KindAttribute>(inherit: false)?.Name))
                .Where(each => each.Name is not null).Select(each => (each.Type, each.Name!)),
        ];
        if (kinds.Length == 0)
            return "it has no kinds: records with [Kind(\"…\")] of a family such as QuantizerKind";
        foreach (var (type, name) in kinds)
        {
            if (!type.IsAssignableTo(typeof(Variant)) || VariantFamily.RootOf(type).GetCustomAttribute<FamilyAttribute>(inherit: false) is null)
                return $"the kind '{name}', {type}, is of no known family; it must derive from the abstract record of one, such as QuantizerKind";
            if (!all.Contains(VariantFamily.RootOf(type).Assembly))
                return $"the kind '{name}', {type}, is of the family {VariantFamily.NameOf(type)}, which is declared in {VariantFamily.RootOf(type).Assembly.GetName().Name}; name that assembly before this one";
            if (ProblemOf(type) is { } problem)
                return $"the kind '{name}', {type}, cannot be chosen: {problem}";
        }

        var catalogue = new Catalogue(all);
        try
        {
            foreach (var (type, _) in kinds)
                catalogue.FamilyOf(type);
            return null;
        }
        catch (InvalidOperationException twice)
        {
            return $"{twice.Message}; give one of them another name, or use one assembly at a time";
        }
    }

    private static string? ProblemOf(Type kind)
    {
        if (kind.IsAbstract || kind.ContainsGenericParameters)
            return "it is abstract or generic";
        if (kind.GetConstructor(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance, []) is null)
            return "it has no constructor without parameters; what the user may choose are its init properties";
        try
        {
            RecordShape.Of(kind);
            return null;
        }
        catch (TargetInvocationException failed) when (failed.InnerException is not (TypeLoadException or MissingMemberException or IOException))
        {
            return $"it fails as it is made: {failed.InnerException?.Message}";
        }
        catch (TargetInvocationException failed)
        {
            return OfAnotherVersion(kind.Assembly, failed.InnerException!);
        }
        catch (InvalidOperationException unfit)
        {
            return unfit.Message;
        }
    }

    private static string OfAnotherVersion(Assembly assembly, Exception failure)
    {
        var own = typeof(Variant).Assembly.GetName();
        var wanted = assembly.GetReferencedAssemblies().FirstOrDefault(each => string.Equals(each.Name, own.Name, StringComparison.Ordinal))?.Version;
        return $"it was built against another version of {own.Name}{(wanted is null || wanted == own.Version ? string.Empty : $", {wanted},")} than this one, {own.Version}, or lacks an assembly that it needs; build it anew ({failure.Message.ReplaceLineEndings(" ")})";
    }

    /// <summary>Finds what an assembly needs: the library and its own needs in the program, so that both mean the same types; everything else beside the assembly.</summary>
    private sealed class Context(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
    {
        private static readonly HashSet<string> Shared = SharedNames();

        private readonly AssemblyDependencyResolver _resolver = new(path);

        protected override Assembly? Load(AssemblyName name)
        {
            if (name.Name is not { } simple || Shared.Contains(simple))
                return null;
            var beside = Path.Combine(Path.GetDirectoryName(path)!, simple + ".dll");
            return (_resolver.ResolveAssemblyToPath(name) ?? (File.Exists(beside) ? beside : null)) is { } found ? LoadFromAssemblyPath(found) : null;
        }

        protected override nint LoadUnmanagedDll(string name) =>
            _resolver.ResolveUnmanagedDllToPath(name) is { } found ? LoadUnmanagedDllFromPath(found) : 0;

        /// <summary>The library and everything that it refers to, however far.</summary>
        private static HashSet<string> SharedNames()
        {
            HashSet<string> names = new(StringComparer.Ordinal);
            Stack<Assembly> open = new([typeof(Variant).Assembly]);
            while (open.TryPop(out var assembly))
            {
                if (!names.Add(assembly.GetName().Name!))
                    continue;
                foreach (var needed in assembly.GetReferencedAssemblies())
                {
                    if (!names.Contains(needed.Name!) && Found(needed) is { } found)
                        open.Push(found);
                }
            }

            return names;
        }

        private static Assembly? Found(AssemblyName name)
        {
            try
            {
                return Default.LoadFromAssemblyName(name);
            }
            catch (IOException)
            {
                return null; // needed on other platforms only
            }
        }
    }
}
