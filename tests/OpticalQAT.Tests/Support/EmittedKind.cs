using System.Reflection;
using System.Reflection.Emit;
using OpticalQAT.Configuration;
using OpticalQAT.Quantization;

namespace OpticalQAT.Tests.Support;

/// <summary>Assemblies of one kind, written as a compiler would, to be loaded as a stranger's.</summary>
internal static class EmittedKind
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;

    /// <summary>Writes an assembly with a way to switch a quantizer on.</summary>
    /// <param name="file">Where it is written.</param>
    /// <param name="kind">What it is chosen by.</param>
    /// <param name="marker">A file that the kind writes as soon as one of it is made; null writes none.</param>
    /// <param name="isWhole">Whether it has everything that the family asks for.</param>
    /// <param name="family">What it derives from, if not that family.</param>
    public static void Write(string file, string kind, string? marker = null, bool isWhole = true, Type? family = null)
    {
        family ??= typeof(SwitchOnKind);
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(Path.GetFileNameWithoutExtension(file)), typeof(object).Assembly);
        var type = assembly.DefineDynamicModule("kinds").DefineType("Emitted.Kind", TypeAttributes.Public | TypeAttributes.Sealed, family);
        type.SetCustomAttribute(new CustomAttributeBuilder(typeof(KindAttribute).GetConstructor([typeof(string)])!, [kind]));

        var make = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, []).GetILGenerator();
        make.Emit(OpCodes.Ldarg_0);
        make.Emit(OpCodes.Call, family.GetConstructor(Any, [])!);
        if (marker is not null)
        {
            make.Emit(OpCodes.Ldstr, marker);
            make.Emit(OpCodes.Ldstr, "this code has run");
            make.Emit(OpCodes.Call, typeof(File).GetMethod(nameof(File.WriteAllText), [typeof(string), typeof(string)])!);
        }
        make.Emit(OpCodes.Ret);

        if (family == typeof(SwitchOnKind))
        {
            var copy = Override("<Clone>$", family, []);
            copy.Emit(OpCodes.Ldarg_0);
            copy.Emit(OpCodes.Ret);
            if (isWhole)
            {
                var share = Override(nameof(SwitchOnKind.Share), typeof(double), [typeof(int), typeof(int), typeof(double)]);
                share.Emit(OpCodes.Ldc_R8, 1.0);
                share.Emit(OpCodes.Ret);
            }
        }
        type.CreateType();
        assembly.Save(file);

        ILGenerator Override(string name, Type result, Type[] parameters) =>
            type.DefineMethod(name, MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig, result, parameters).GetILGenerator();
    }
}
