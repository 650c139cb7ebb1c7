namespace OpticalQAT.Runs;

/// <summary>The run that <c>training.start_from</c> means, where that names the folder of several.</summary>
public static class StartFolder
{
    /// <summary>The same experiment, starting from the newest of the runs in the folder that it names.</summary>
    public static Experiment WithStartFound(this Experiment experiment)
    {
        if (experiment.Training.StartFrom is not { } start)
            return experiment;
        var found = RunDirectory.Resolve(start);
        return string.Equals(found, start, StringComparison.Ordinal) ? experiment : experiment with { Training = experiment.Training with { StartFrom = found } };
    }
}
