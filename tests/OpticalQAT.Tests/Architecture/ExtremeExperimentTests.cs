using System.Globalization;
using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Quantization;
using OpticalQAT.Tests.Support;
using OpticalQAT.Tests.Training;
using TorchSharp;

namespace OpticalQAT.Tests.Architecture;

/// <summary>
/// Every number of an experiment, in every kind that may stand in a place, at the ends of its range: the experiment is
/// refused with a reason, or it can be examined and, one in sixteen of them, takes a step of training with finite numbers.
/// </summary>
public class ExtremeExperimentTests
{
    private static readonly string[] Small =
        ["task.dataset={ kind: glyphs, train_count: 10, validation_count: 10, test_count: 10 }", "training.batch_size=10", "training.quantized.epochs=1"];

    // All of them are read and examined; a step of each would take minutes.
    private const int ShareThatIsTrained = 16;

    // What takes long for no other reason than that it is large.
    private static readonly string[] Large = ["optics.grid.size", "optics.grid.padding", "model.layers", "model.mask.oversampling", "levels.count", "epochs", "task.dataset"];

    [Test]
    [Slow]
    public void Each_is_refused_or_does_no_harm()
    {
        var harm = new List<string>();
        var (asked, refused, trained) = (0, 0, 0);
        foreach (var (overrides, path, text) in Extremes())
        {
            asked++;
            try
            {
                var read = SmallExperiment.Read([.. Small, .. overrides, $"{path}={text}"]);
                if (read.Value is not { } experiment || experiment.Examine().Any(finding => finding.IsError))
                {
                    refused++;
                    continue;
                }
                if (Large.Any(large => path.Contains(large, StringComparison.Ordinal)) || asked % ShareThatIsTrained != 0)
                    continue;
                if (Step(experiment) is { } problem)
                    harm.Add($"{string.Join(' ', overrides)} {path}={text}: {problem}");
                trained++;
            }
            catch (OpticalQAT.Data.DataException)
            {
                refused++; // by the data, with a reason
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                harm.Add($"{string.Join(' ', overrides)} {path}={text}: {e.GetType().Name}: {e.Message.Split('\n')[0]} {e.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("OpticalQAT.", StringComparison.Ordinal))}");
            }
        }
        TestContext.Out.WriteLine($"{asked} experiments, {refused} refused, {trained} trained a step");
        foreach (var line in harm)
            TestContext.Out.WriteLine(line);
        Assert.That(harm, Is.Empty);
        Assert.That(trained, Is.GreaterThan(10));
    }

    private static string? Step(Experiment experiment)
    {
        using var scope = torch.NewDisposeScope();
        var fits = experiment.Quantizer is not NoQuantizer && experiment.Model is OpticalQAT.Models.DiffractiveNetworkKind { Layers: 2 } && experiment.Model.PrintedPixels(experiment.Optics) == 12;
        using var training = new SmallTraining(fits ? experiment : experiment with { Quantizer = new NoQuantizer() });
        training.Run();
        if (training.Losses.Any(loss => loss is { } number && !double.IsFinite(number)))
            return $"the loss is {training.Losses[^1]}";
        return training.Epochs.SelectMany(epoch => epoch.Validation).Where(score => double.IsNaN(score.Value)).Select(score => $"{score.Key} is {score.Value}").FirstOrDefault();
    }

    private static IEnumerable<(string[] Overrides, string Path, string Text)> Extremes()
    {
        var met = new HashSet<(object, object)>();
        return Walk(typeof(Experiment), string.Empty, [], typeof(Experiment));

        // Each number once in each place: a schedule's beginning is another one in the steepness than in the noise.
        IEnumerable<(string[] Overrides, string Path, string Text)> Walk(Type record, string prefix, string[] overrides, object place)
        {
            foreach (var key in Kinds.Library.ShapeOf(record).Keys)
            {
                if (!met.Add((place, key.Property)))
                    continue;
                var path = prefix + key.Name;
                var leaf = RangeTests.LeafOf(key.Shape);
                var isList = key.Shape.Form is ValueForm.List;
                if (RangeTests.IsNumber(leaf))
                {
                    foreach (var text in Ends(leaf))
                        yield return (overrides, path, RangeTests.Nested(key.Shape, text));
                    continue;
                }
                Type[] below = leaf.Form switch
                {
                    ValueForm.Record => [leaf.Type],
                    ValueForm.Variant => [.. Kinds.Library.FamilyOf(leaf.Type).Kinds.Where(kind => kind.Type.IsAssignableTo(leaf.Type)).Select(kind => kind.Type)],
                    _ => [],
                };
                foreach (var type in below)
                {
                    var written = leaf.Form == ValueForm.Record && key.Default is null && !key.IsRequired || leaf.Form == ValueForm.Variant || isList
                        ? [.. overrides, $"{path}={(isList ? $"[{Least(type)}]" : Least(type))}"]
                        : overrides;
                    foreach (var extreme in Walk(type, path + (isList ? ".0." : "."), written, leaf.Form == ValueForm.Variant ? (key.Property, type) : key.Property))
                        yield return extreme;
                }
            }
        }
    }

    /// <summary>The lowest and the highest number that a range has, and what lies around 0 where it has that.</summary>
    private static IEnumerable<string> Ends(ValueShape leaf)
    {
        var isInteger = leaf.Type == typeof(int) || leaf.Type == typeof(long);
        var ends = leaf.Bounds.Select(bound => bound switch
        {
            AboveAttribute => bound.Limit + (isInteger ? 1 : Math.Max(1e-9, Math.Abs(bound.Limit) * 1e-9)),
            BelowAttribute => bound.Limit - (isInteger ? 1 : Math.Max(1e-9, Math.Abs(bound.Limit) * 1e-9)),
            _ => bound.Limit,
        });
        var around = isInteger ? new[] { 0.0, 1 } : [0, 1e-300, 1];
        return ends.Concat(around).Distinct().Where(value => leaf.Bounds.All(bound => bound.Allows(value)))
            .Select(value => value.ToString(isInteger ? "0" : "R", CultureInfo.InvariantCulture) + RangeTests.UnitOf(leaf.Type));
    }

    /// <summary>The least that must be written of a record.</summary>
    private static string Least(Type type)
    {
        var kind = type.IsAssignableTo(typeof(Variant)) ? $"kind: {KindNames.Of((Variant)RecordShape.Create(type))}, " : string.Empty;
        var required = Kinds.Library.ShapeOf(type).Keys.Where(key => key.IsRequired).Select(key => $"{key.Name}: {LeastOf(key.Shape)}, ");
        var levels = type.IsSubclassOf(typeof(QuantizerKind)) && type != typeof(NoQuantizer) ? "levels: { kind: cyclic, count: 4 }, " : string.Empty;
        return $"{{ {kind}{string.Concat(required)}{levels}}}";
    }

    private static string LeastOf(ValueShape shape) => shape.Form switch
    {
        ValueForm.List => $"[{LeastOf(shape.Element!)}]",
        ValueForm.OneOrMany => LeastOf(shape.Element!),
        ValueForm.Record => Least(shape.Type),
        ValueForm.Variant => Least(Kinds.Library.FamilyOf(shape.Type).Kinds.First(kind => kind.Type.IsAssignableTo(shape.Type)).Type),
        _ when RangeTests.IsNumber(shape) => new[] { 4e-3, 1, 10, 0.5 }.Concat(shape.Bounds.Select(bound => bound.Limit)).First(value => shape.Bounds.All(bound => bound.Allows(value)) && (shape.Type == typeof(double) || value >= 1 || RangeTests.UnitOf(shape.Type).Length > 0))
            .ToString(CultureInfo.InvariantCulture) + RangeTests.UnitOf(shape.Type),
        _ => "\"0\"",
    };
}
