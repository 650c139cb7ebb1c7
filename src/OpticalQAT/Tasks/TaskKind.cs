using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Models;
using OpticalQAT.Optics;

namespace OpticalQAT.Tasks;

/// <summary>The task of the processor.</summary>
[Family("task")]
public abstract record TaskKind : Variant
{
    /// <summary>The dataset of the examples.</summary>
    public required DatasetKind Dataset { get; init; }

    /// <summary>The task on the planes of an experiment.</summary>
    /// <param name="setting">Light, medium, sampling.</param>
    public abstract LearningTask Build(OpticalSetting setting);

    /// <summary>The sizes that follow from the configuration: the object, the detector; none where the task has none.</summary>
    public virtual IEnumerable<StatedSize> Sizes(OpticalSetting setting) => [];

    /// <summary>The findings that need no data: sizes that do not fit the grid.</summary>
    public abstract IEnumerable<Finding> Examine(OpticalSetting setting);
}
