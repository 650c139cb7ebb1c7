using NUnit.Framework;
using OpticalQAT.Configuration;
using OpticalQAT.Data;
using OpticalQAT.Runs;
using OpticalQAT.Tests.Data;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Support;
using OpticalQAT.Tests.Trust;

namespace OpticalQAT.Tests.Models;

/// <summary>Labels are those that a model was trained on, whatever a test split lacks.</summary>
public sealed class ClassNamesTests
{
    [Test]
    public void A_picture_keeps_its_label_where_its_set_lacks_a_class()
    {
        using var set = TinySet.Of("image_folder");
        Directory.Delete(Path.Combine(set.Folder!, "test", "0"), recursive: true);
        set.Keep(Splits.Test);
        Assert.That(Labels(new ImageFolder { Folder = set.Folder! }, "0", "1", "2"), Is.EqualTo((long[])[1, 1, 2, 2]));
    }

    [Test]
    public void A_class_that_the_model_does_not_know_is_named()
    {
        using var set = TinySet.Of("image_folder");
        Directory.Move(Path.Combine(set.Folder!, "test", "2"), Path.Combine(set.Folder!, "test", "two"));
        Assert.That(() => Labels(new ImageFolder { Folder = set.Folder! }, "0", "1", "2"), Throws.TypeOf<DataException>().With.Message.EqualTo(
            $"{set.Folder}: test has the classes 0, 1, two, but the model was trained on the classes 0, 1, 2. A split may lack classes, but not have others."));
    }

    [Test]
    public void A_digit_keeps_its_label_where_the_test_files_lack_a_class([Values] bool areNamed)
    {
        using var folder = new MnistFolder();
        folder.Write("t10k", [2, 1, 2], 4, 4);
        if (!areNamed)
            File.Delete(folder.FullName("train-labels-idx1-ubyte"));
        var names = areNamed ? (string[])["shirt", "shoe", "bag"] : ["0", "1", "2"];
        Assert.That(Labels(new Mnist { Folder = folder.Path }, names), Is.EqualTo((long[])[2, 1, 2]));
    }

    [Test]
    public void Classes_that_are_numbered_from_one_stay_so()
    {
        using var folder = new MnistFolder();
        folder.Write("t10k", [3, 2], 4, 4);
        File.Delete(folder.FullName("train-labels-idx1-ubyte"));
        Assert.That(Labels(new Mnist { Folder = folder.Path }, "1", "2", "3"), Is.EqualTo((long[])[2, 1]));
        Assert.That(() => Labels(new Mnist { Folder = folder.Path }, "0", "1", "2"), Throws.TypeOf<DataException>().With.Message.Contains("the model"));
    }

    [Test]
    public void What_does_not_fit_a_model_is_said_without_advice_that_it_would_refuse()
    {
        using var set = TinySet.Of("mnist");
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("m.safetensors"), SmallModel.Bytes());
        ModelFiles.MakeOld(folder.File("m.safetensors")); // which knows no names, only how many there are
        Assert.That(() => Evaluation.Of(folder.File("m.safetensors"), [set.AsAnother], _ => { }), Throws.TypeOf<DataException>().With.Message.EqualTo(
            "the dataset has 3 classes, the detector 10; choose a dataset of 10 classes"));
        using var phases = TinySet.Of("npy_folder");
        Assert.That(() => Evaluation.Of(folder.File("m.safetensors"), [phases.AsAnother], _ => { }), Throws.TypeOf<DataException>().With.Message.EqualTo(
            "the dataset holds phases in radians, and this task takes images; choose a dataset of images"));
    }

    /// <summary>A verb that takes a model takes what its messages advise.</summary>
    [Test]
    public void Every_key_of_a_dataset_can_be_overridden()
    {
        foreach (var key in Kinds.Of<DatasetKind>().SelectMany(kind => RecordShape.Of(kind.GetType()).Keys).Select(key => key.Name).Distinct(StringComparer.Ordinal))
        {
            foreach (var use in (ModelOverrides[])[ModelOverrides.OfEvaluation, ModelOverrides.OfRounding, ModelOverrides.OfStudy, ModelOverrides.OfReport])
                Assert.That(() => use.Check([$"task.dataset.{key}=1"]), Throws.Nothing, key);
        }
    }

    private static long[] Labels(DatasetKind kind, params string[] names)
    {
        using var data = kind.Load(new DataRequest(Splits.Test) { ClassNames = names });
        Assert.That(data.ClassNames, Is.EqualTo(names));
        return data.Test.Labels.data<long>().ToArray();
    }
}
