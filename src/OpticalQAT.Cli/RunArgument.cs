using OpticalQAT.Runs;

namespace OpticalQAT.Cli;

/// <summary>A run or a model that the command line names: a run's folder, the folder of all runs of a name, or a model file.</summary>
internal static class RunArgument
{
    private const string ModelFile = "model.safetensors";

    /// <summary>The model of a run, or in a file. Of the runs of a name it is the newest, which is then noted.</summary>
    /// <returns>The path of a run with a model, or of a file.</returns>
    /// <exception cref="UsageException">There is none; says what is there, and what would be right.</exception>
    public static string OfModel(string path)
    {
        if (File.Exists(path))
            return IsConfiguration(path) ? throw new UsageException($"{path}: this is a configuration, and a run or a model is wanted; train it first: opticalqat train {path}")
                : InRun(path) is { } run ? throw new UsageException($"{path}: this is a file of a run, and no model; give the run: {Screen.PathFromHere(run.Path)}")
                : path;
        var found = Found(path, "run directory or model file");
        if (File.Exists(Path.Combine(found, ModelFile)))
            return found;
        if (RunDirectory.Open(found) is not { } directory)
            throw new UsageException($"{path}: this is no run directory and holds no runs: there is no {ModelFile} in this folder, and no config.yaml; give runs/NAME, runs/NAME/ID or a model file.");
        var finished = RunDirectory.InFolder(Path.GetDirectoryName(directory.Path)!).FirstOrDefault(other => File.Exists(other.ModelFile));
        throw new UsageException($"{Screen.PathFromHere(directory.Path)}: there is no {ModelFile} in this folder, for the run is not finished; resume it: opticalqat train --resume {Screen.PathFromHere(directory.Path)}"
            + (finished is null ? string.Empty : $"\nor take the newest one that is finished: {Screen.PathFromHere(finished.Path)}"));
    }

    /// <summary>A run, finished or not. Of the runs of a name it is the newest, which is then noted.</summary>
    /// <exception cref="UsageException">There is none; says what is there, and what would be right.</exception>
    public static RunDirectory OfRun(string path)
    {
        if (File.Exists(path))
        {
            throw new UsageException(InRun(path) is { } run ? $"{path}: this is a file of a run; give the run's folder: {Screen.PathFromHere(run.Path)}"
                : $"{path}: this is no run directory but a file; give runs/NAME or runs/NAME/ID.");
        }
        return RunDirectory.Open(Found(path, "run directory"))
            ?? throw new UsageException($"{path}: this is no run directory, it has no config.yaml, and holds no runs; give runs/NAME or runs/NAME/ID.");
    }

    private static string Found(string path, string wanted)
    {
        if (!Directory.Exists(path))
            throw new UsageException($"{path}: there is no such {wanted} (looked for {Path.GetFullPath(path)}){NearestBeside(path)}");
        var found = RunDirectory.Resolve(path);
        if (!string.Equals(found, path, StringComparison.Ordinal))
            Screen.Note($"{path} means its newest run, {Screen.PathFromHere(Path.GetFullPath(found))}");
        return found;
    }

    /// <summary>The end of a sentence that names what lies beside a path that does not exist, under nearly the same name.</summary>
    private static string NearestBeside(string path)
    {
        var parent = Path.GetDirectoryName(Path.GetFullPath(path));
        var guess = Directory.Exists(parent) ? Configuration.Spelling.Nearest(Path.GetFileName(path), Directory.EnumerateFileSystemEntries(parent).Select(Path.GetFileName).OfType<string>()) : null;
        return guess is null ? string.Empty : $"; did you mean {Screen.PathFromHere(Path.Combine(parent!, guess))}?";
    }

    private static bool IsConfiguration(string path) => Path.GetExtension(path) is ".yaml" or ".yml" && InRun(path) is null;

    private static RunDirectory? InRun(string file) =>
        string.Equals(Path.GetExtension(file), ".safetensors", StringComparison.Ordinal) ? null : RunDirectory.Open(Path.GetDirectoryName(Path.GetFullPath(file))!);
}
