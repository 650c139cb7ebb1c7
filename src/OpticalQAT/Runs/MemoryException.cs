using OpticalQAT.Runtime;

namespace OpticalQAT.Runs;

/// <summary>Memory has run out. The message says how much was wanted, what the experiment takes, and what there is.</summary>
public sealed class MemoryException(string message, Exception inner) : Exception(message, inner)
{
    private const string Remedy = "A smaller training.batch_size, optics.grid.size or optics.grid.padding takes less.";

    /// <summary>Does work with an experiment, and explains it where memory runs out.</summary>
    /// <exception cref="MemoryException">Memory has run out.</exception>
    internal static T Explained<T>(Experiment experiment, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (MemoryShortage.Caused(failure))
        {
            throw new MemoryException(Words(failure, experiment, null), failure);
        }
    }

    /// <summary>The warning before a training that may take more memory than is free: the system ends such a one without a word. Null where it is enough.</summary>
    internal static string? Foreseen(Experiment experiment, ExampleCounts examples) =>
        MemoryEstimate.Of(experiment, examples) is not { Total: var needed } || needed <= HostMemory.Free ? null
            : $"This run may take up to {HostMemory.InGibi(needed)} of memory; {HostMemory.Words}. {Remedy}";

    /// <summary>The message: what happened, what the experiment takes, and what there is.</summary>
    /// <param name="failure">The exception of libtorch or .NET.</param>
    /// <param name="experiment">The experiment that was worked on; null where that is not known.</param>
    /// <param name="examples">The number of examples; null where that is not known.</param>
    public static string Words(Exception failure, Experiment? experiment, ExampleCounts? examples)
    {
        if (experiment is null)
            return $"{MemoryShortage.Words(failure)} On this machine {HostMemory.Words}.";
        if (MemoryEstimate.Of(experiment, examples) is not { } memory)
            return $"{MemoryShortage.Words(failure)} On this machine {HostMemory.Words}. {Remedy}";
        var fields = examples is null ? null : $" beside {HostMemory.InGibi(memory.Fields)} for its examples as fields and";
        return $"{MemoryShortage.Words(failure)} This experiment takes up to {HostMemory.InGibi(memory.Work + memory.Model)} to work in,{fields ?? " beside"} about 0.4 GiB for the program; {HostMemory.Words}. "
            + Remedy;
    }
}
