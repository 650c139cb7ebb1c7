using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.PublicApi.Tests.Kinds;

namespace OpticalQAT.PublicApi.Tests;

/// <summary>Puts the kinds of this assembly to use, as a program that brings its own does.</summary>
[SetUpFixture]
public sealed class OwnKinds
{
    /// <summary>Before the first test.</summary>
    [OneTimeSetUp]
    public void Use() => KindAssemblies.Use(typeof(Bars).Assembly);
}
