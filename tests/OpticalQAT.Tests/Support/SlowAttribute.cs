using NUnit.Framework;

namespace OpticalQAT.Tests.Support;

/// <summary>A test that takes more than five seconds, or a class of them. <c>dotnet test --filter TestCategory!=Slow</c> does without.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class SlowAttribute() : CategoryAttribute("Slow");
