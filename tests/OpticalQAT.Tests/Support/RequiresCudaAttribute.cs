using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using OpticalQAT.Runtime;

namespace OpticalQAT.Tests.Support;

/// <summary>A test that computes on a CUDA device; where there is none it is skipped, and says why.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
internal sealed class RequiresCudaAttribute : NUnitAttribute, IApplyToTest
{
    public void ApplyToTest(Test test)
    {
        test.Properties.Add(PropertyNames.Category, "Cuda");
        NativeRuntime.Initialize();
        if (test.RunState == RunState.NotRunnable || CudaStatus.Query().WhyNot is not { } reason)
            return;
        test.RunState = RunState.Ignored;
        test.Properties.Set(PropertyNames.SkipReason, reason);
    }
}
