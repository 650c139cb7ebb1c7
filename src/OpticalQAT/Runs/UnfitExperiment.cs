using OpticalQAT.Configuration;

namespace OpticalQAT.Runs;

/// <summary>An experiment that was put together in code rather than read, and may contradict itself.</summary>
internal static class UnfitExperiment
{
    /// <summary>Refuses an experiment that cannot be computed.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="source">The name by which errors call it.</param>
    /// <exception cref="ConfigurationException">It cannot; the message has a line for each error.</exception>
    public static void Refuse(Experiment experiment, string source)
    {
        var place = new Place(source, 0, 0);
        var problems = experiment.Check().ToArray();
        var errors = problems.Length > 0
            ? problems.Select(problem => new ConfigurationError(place, $"'{problem.Key}': {problem.Message}"))
            : experiment.Examine().Where(finding => finding.IsError).Select(finding => new ConfigurationError(place, $"'{finding.Key}': {finding.Message}"));
        if (errors.ToArray() is { Length: > 0 } all)
            throw new ConfigurationException(all);
    }
}
