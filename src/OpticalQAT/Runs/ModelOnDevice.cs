using OpticalQAT.Data;
using OpticalQAT.Runtime;
using OpticalQAT.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace OpticalQAT.Runs;

/// <summary>A trained model on the device that its experiment asks for, with examples that can be computed there.</summary>
/// <param name="Model">The model; remains the caller's.</param>
/// <param name="Device">The device.</param>
/// <param name="Data">The examples, on the host.</param>
internal sealed record ModelOnDevice(TrainedModel Model, Device Device, Dataset Data)
{
    /// <summary>Moves a model, and reads the splits that are wanted of its own dataset.</summary>
    /// <param name="model">The model.</param>
    /// <param name="splits">The splits.</param>
    /// <param name="note">Told what is worth reading.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="DataException">The dataset cannot be read, does not fit the model, or is too large for the memory.</exception>
    public static ModelOnDevice Move(TrainedModel model, Splits splits, Action<string> note, CancellationToken cancellation = default) =>
        Move(model, () => model.LoadData(splits, cancellation), note);

    /// <summary>Moves a model, and gives it examples of another source.</summary>
    /// <inheritdoc cref="Move(TrainedModel, Splits, Action{string}, CancellationToken)"/>
    /// <param name="model">The model.</param>
    /// <param name="read">Reads the examples.</param>
    /// <param name="note">Told what is worth reading.</param>
    public static ModelOnDevice Move(TrainedModel model, Func<Dataset> read, Action<string> note)
    {
        var device = ComputeDevice.Resolve(model.Experiment.Device);
        if (device.Note is { } text)
            note(text);
        Threads.Use();
        model.Network.to(device.Device);
        model.Task.to(device.Device);
        var data = read();
        foreach (var remark in data.Remarks)
            note(remark);
        model.Task.CheckFits(data, isTrained: true);
        ModelBounds.CheckMemory(model.Experiment, Math.Min(Evaluator.BatchSize, data.Read.Max(part => part.Examples.Count)), device.Device);
        return new ModelOnDevice(model, device.Device, data);
    }

    /// <summary>The examples as fields of the model's light.</summary>
    /// <param name="atInput">Whether fields are wanted at the input plane, because devices differ before the first mask.</param>
    /// <param name="cancellation">Stops the making of fields.</param>
    public DatasetFields Fields(bool atInput = false, CancellationToken cancellation = default) =>
        DatasetFields.Of(Data, Model.Network, Model.Task, Device, atInput, isTrained: true, cancellation);
}
