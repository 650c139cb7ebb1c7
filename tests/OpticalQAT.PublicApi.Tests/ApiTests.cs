using System.Reflection;
using NUnit.Framework;
using PublicApiGenerator;

namespace OpticalQAT.PublicApi.Tests;

/// <summary>The public API stands in a file beside this one, so that a change of it shows in a diff.</summary>
public sealed class ApiTests
{
    private const string Renew = "OPTICALQAT_RENEW_API";

    private static Assembly[] Assemblies => [typeof(Experiment).Assembly, typeof(OpticalQAT.Kernels.DiffractiveStack).Assembly];

    [TestCaseSource(nameof(Assemblies))]
    public void What_nowpublic_nowwhat_the_file_says(Assembly assembly)
    {
        var name = $"{assembly.GetName().Name}.api.txt";
        var file = Path.Combine(Repository.Folder, "tests", "OpticalQAT.PublicApi.Tests", name);
        var api = assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(Renew) is { Length: > 0 })
            File.WriteAllText(file, api);
        var (now, said) = (api.Split('\n'), File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n").Split('\n') : []);
        var line = Enumerable.Range(0, Math.Max(now.Length, said.Length)).FirstOrDefault(i => i >= now.Length || i >= said.Length || !string.Equals(now[i], said[i], StringComparison.Ordinal), -1);
        Assert.That(line, Is.Negative, $"the public API differs from {name}, first in line {line + 1}; renew the file, and look at the diff: {Renew}=1 dotnet test -c Release --filter ApiTests tests/OpticalQAT.PublicApi.Tests");
    }
}
