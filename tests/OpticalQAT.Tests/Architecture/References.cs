using System.Reflection;
using System.Reflection.Emit;

namespace OpticalQAT.Tests.Architecture;

/// <summary>
/// Which types a type refers to: in its base, attributes and members' signatures, and in the bodies of its methods,
/// where most references are and where signatures show nothing of them.
/// </summary>
internal static class References
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>Every reference that the members of a type make, with the member that makes it.</summary>
    public static IEnumerable<(string Member, Type Target)> Of(Type type)
    {
        var ofType = new[] { type.BaseType }.Concat(type.GetInterfaces()).Concat(type.CustomAttributes.Select(a => a.AttributeType))
            .Select(target => ("its declaration", target));
        var ofFields = type.GetFields(Declared).Select(field => (field.Name, (Type?)field.FieldType));
        var methods = type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared));
        var ofMethods = methods.SelectMany(method => InSignature(method).Concat(InBody(method)).Select(target => (method.Name, target)));
        return ofType.Concat(ofFields).Concat(ofMethods)
            .SelectMany(reference => Parts(reference.Item2).Select(part => (reference.Item1, part))).Distinct();
    }

    /// <summary>Every method that is called in the bodies of a type's methods.</summary>
    public static IEnumerable<MethodBase> CallsOf(Type type) => type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared))
        .SelectMany(method => method.GetMethodBody()?.GetILAsByteArray() is { } code ? Tokens(code).Select(token => Member(method, token)) : []).OfType<MethodBase>();

    private static IEnumerable<Type?> InSignature(MethodBase method) =>
        method.GetParameters().Select(parameter => (Type?)parameter.ParameterType)
            .Append((method as MethodInfo)?.ReturnType)
            .Concat(method.CustomAttributes.Select(a => a.AttributeType));

    private static IEnumerable<Type?> InBody(MethodBase method)
    {
        if (method.GetMethodBody() is not { } body)
            return [];
        var locals = body.LocalVariables.Select(local => (Type?)local.LocalType);
        var caught = body.ExceptionHandlingClauses.Where(c => c.Flags == ExceptionHandlingClauseOptions.Clause).Select(c => c.CatchType);
        return locals.Concat(caught).Concat(Tokens(body.GetILAsByteArray()!).SelectMany(token => Resolve(method, token)));
    }

    private static IEnumerable<Type?> Resolve(MethodBase method, int token) => Member(method, token) switch
    {
        Type type => [type],
        FieldInfo field => [field.DeclaringType, field.FieldType],
        MethodBase called => InSignature(called).Append(called.DeclaringType).Concat(called.IsGenericMethod ? called.GetGenericArguments() : []),
        _ => [],
    };

    private static MemberInfo? Member(MethodBase method, int token)
    {
        var ofType = method.DeclaringType is { IsGenericType: true } declaring ? declaring.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        return method.Module.ResolveMember(token, ofType, ofMethod);
    }

    /// <summary>The metadata tokens among the operands of a method's instructions.</summary>
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            var opCode = code[at] == 0xFE ? OpCodes[(short)(0xFE00 | code[at + 1])] : OpCodes[code[at]];
            at += opCode.Size;
            if (opCode.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
                yield return BitConverter.ToInt32(code, at);
            at += opCode.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
                _ => 4,
            };
        }
    }

    /// <summary>The types that a type is composed of: what it is an array or reference of, and its generic arguments.</summary>
    private static IEnumerable<Type> Parts(Type? type) => type switch
    {
        null or { IsGenericParameter: true } => [],
        { HasElementType: true } => Parts(type.GetElementType()),
        { IsFunctionPointer: true } => type.GetFunctionPointerParameterTypes().Append(type.GetFunctionPointerReturnType()).SelectMany(Parts),
        { IsGenericType: true, IsGenericTypeDefinition: false } => type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()),
        _ => [type],
    };
}
