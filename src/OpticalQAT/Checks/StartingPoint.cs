using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Formats;
using OpticalQAT.Runs;

namespace OpticalQAT.Checks;

/// <summary>Findings on the model that training starts from, before any training: whether it is there, is one, and fits.</summary>
internal static class StartingPoint
{
    private const string Key = "training.start_from";

    /// <summary>The obstacles to starting from it; none where training starts from its own heights.</summary>
    /// <param name="experiment">An experiment without errors.</param>
    /// <param name="isQuick">Looks at the file's header alone: that needs no libtorch.</param>
    public static IEnumerable<Finding> Examine(Experiment experiment, bool isQuick)
    {
        if (experiment.Training.StartFrom is not { } path)
            return [];
        try
        {
            if (isQuick)
                ReadHeader(experiment, path);
            else
                TrainingInputs.ReadStart(experiment)?.Dispose();
            return [];
        }
        catch (Exception unfit) when (unfit is DataException or FileFormatException or ConfigurationException or IOException or UnauthorizedAccessException)
        {
            var message = unfit.Message.StartsWith(Key + ": ", StringComparison.Ordinal) ? unfit.Message[(Key.Length + 2)..] : unfit.Message;
            return [new Finding(true, Key, message)];
        }
    }

    private static void ReadHeader(Experiment experiment, string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, "model.safetensors") : path;
        if (!File.Exists(file))
        {
            throw new DataException(Directory.Exists(path)
                ? $"{path}: there is no model.safetensors in this folder; give a finished run's directory or a model file"
                : $"{path}: there is no such run directory or model file");
        }
        var header = SafetensorsFile.ReadHeader(file);
        if (!header.Metadata.ContainsKey("opticalqat"))
            throw new FileFormatException(file, "it is a safetensors file, but not a model of OpticalQAT");
        var heights = header.Entries.Where(entry => entry.Name.StartsWith("layers.", StringComparison.Ordinal) && entry.Name.EndsWith(".heights", StringComparison.Ordinal)).ToArray();
        var (layers, pixels) = (experiment.Model.LayerCount, experiment.Model.PrintedPixels(experiment.Optics));
        if (heights.Length != layers || heights.Any(entry => entry.Shape is not [var rows, var columns] || rows != pixels || columns != pixels))
        {
            throw new DataException($"the model to start from has {heights.Length} layers of {string.Join('×', heights.FirstOrDefault()?.Shape ?? [])} pixels, "
                + $"this experiment {layers} of {pixels}×{pixels}; both must be the same");
        }
    }
}
