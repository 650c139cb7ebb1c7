#:project ../src/OpticalQAT/OpticalQAT.csproj
#:property PublishAot=false
// Loads a trained model and rebuilds its field from the printed heights alone: dotnet run samples/rebuild.cs [RUN_OR_MODEL]
// Without a name it is the newest run of samples/quickstart.cs in this folder.
using OpticalQAT.Data;
using OpticalQAT.Runs;
using OpticalQAT.Runtime;
using static TorchSharp.torch;

NativeRuntime.Initialize(); // finds libtorch, where torch is called before the library
using var scope = NewDisposeScope();
using var model = TrainedModel.Load(RunDirectory.Resolve(args is [var path] ? path : "runs/quickstart"), []);
var setting = model.Experiment.Optics;

// The first test example as the light that enters, and the field that the model makes of it.
using var data = model.LoadData(Splits.Test);
var input = model.Task.Encode(data.Test.Slice(0, 1));
var given = model.Network.forward(input);

// The same by hand: free space, the phase of each mask's heights, free space, …
var material = model.Experiment.Model.Material(setting);
var propagator = setting.BuildPropagator();
var heights = model.Network.Masks.Heights(); // metres, [masks, n, n]
var field = propagator.Propagate(input.to(ScalarType.ComplexFloat64), model.Network.Gaps[0].Metres);
for (var mask = 0; mask < model.Network.Masks.Count; mask++)
{
    var phase = heights[mask] * material.PhasePerMetre;
    field = propagator.Propagate(field * polar(ones_like(phase), phase), model.Network.Gaps[mask + 1].Metres);
}

Console.WriteLine($"{model.Experiment.Name}: {heights.shape[0]} masks of {heights.shape[1]} × {heights.shape[2]} pixels, {heights.unique().output.numel()} different heights");
Console.WriteLine($"the field rebuilt from them differs by at most {(field - given).abs().max().item<double>() / given.abs().max().item<float>():0.0e+0} of its maximum");
