using NUnit.Framework;
using OpticalQAT.Data;
using OpticalQAT.Formats;
using OpticalQAT.Units;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Data;

public class NpyFolderTests
{
    private string _folder = null!;

    [SetUp]
    public void WriteSet()
    {
        _folder = Directory.CreateTempSubdirectory("npy-set-").FullName;
        foreach (var split in new[] { "train", "val", "test" })
        {
            for (var i = 0; i < 3; i++)
            {
                Write($"{split}/phase/{i:00}.npy", full([5, 4], i + 0.25, ScalarType.Float64));
                Write($"{split}/amp/{i:00}.npy", full([5, 4, 1], 0.5f + i / 10f));
            }
        }
    }

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Phases_and_amplitudes_are_read_in_the_order_of_their_names()
    {
        using var scope = NewDisposeScope();
        var data = Kind.Load();
        foreach (var split in new[] { data.Train, data.Validation, data.Test })
        {
            Assert.That(split.Images.shape, Is.EqualTo(new long[] { 3, 5, 4 }));
            Assert.That(split.Images[.., 2, 3].data<float>().ToArray(), Is.EqualTo((float[])[0.25f, 1.25f, 2.25f]));
            Assert.That(split.Amplitudes![.., 0, 0].data<float>().ToArray(), Is.EqualTo((float[])[0.5f, 0.6f, 0.7f]));
            Assert.That(split.Count, Is.EqualTo(3));
        }
    }

    [Test]
    public void Without_amplitudes_they_are_not_needed()
    {
        Directory.Delete(Path.Combine(_folder, "val", "amp"), recursive: true);
        Assert.That((Kind with { Amplitudes = false }).Load().Validation.Amplitudes, Is.Null);
    }

    [Test]
    public void Clipping_is_done_where_it_is_asked_for()
    {
        using var scope = NewDisposeScope();
        Write("train/phase/01.npy", tensor(new[] { -1.0, 0.5, 9, 1 }, [2, 2]).repeat(3, 2).narrow(0, 0, 5));
        var clipped = (Kind with { Clip = true, Maximum = new Angle(Math.PI) }).Load().Train.Images[1];
        Assert.That((clipped.min().item<float>(), clipped.max().item<float>()), Is.EqualTo((0f, (float)Math.PI)));
    }

    [Test]
    public void A_sample_without_its_partner_is_refused()
    {
        File.Delete(Path.Combine(_folder, "train", "amp", "01.npy"));
        Refused("train/phase/01.npy", "has no partner in", "amplitudes=false");
    }

    [Test]
    public void A_missing_split_is_refused()
    {
        Directory.Delete(Path.Combine(_folder, "val"), recursive: true);
        Refused("There is no folder", Path.Combine(_folder, "val", "phase"), "train, val and test");
    }

    [Test]
    public void Values_that_are_no_numbers_are_refused()
    {
        using var scope = NewDisposeScope();
        var phase = full([5, 4], 0.5, ScalarType.Float64);
        phase[1, 2] = double.NaN;
        phase[3, 3] = double.PositiveInfinity;
        Write("test/phase/02.npy", phase);
        Refused("test/phase/02.npy", "2 of its 20 values are no finite numbers");
    }

    [TestCase(-0.5, "from -0.5 to 1.75 rad")]
    [TestCase(7, "from 1.75 to 7 rad")]
    public void Phases_out_of_range_are_refused(double wrong, string said)
    {
        using var scope = NewDisposeScope();
        var phase = full([5, 4], 1.75, ScalarType.Float64);
        phase[0, 0] = wrong;
        Write("val/phase/00.npy", phase);
        Refused("val/phase/00.npy", said, "task.dataset.clip=true");
    }

    [Test]
    public void Negative_amplitudes_are_refused()
    {
        Write("val/amp/00.npy", full([5, 4], -0.5f));
        Refused("val/amp/00.npy", "amplitudes are not negative");
    }

    [Test]
    public void Files_of_another_size_are_refused()
    {
        Write("val/amp/00.npy", ones(5, 6));
        Refused("val/amp/00.npy is 5 × 6 pixels", "is 5 × 4", "crop or resample");
    }

    [Test]
    public void Arrays_of_another_kind_are_refused()
    {
        Write("train/phase/00.npy", ones(2, 5, 4));
        Refused("train/phase/00.npy", "two dimensions", "[2, 5, 4]");
        File.WriteAllText(Path.Combine(_folder, "train", "phase", "00.npy"), "no array");
        Refused("train/phase/00.npy", "does not begin as a .npy file does");
    }

    private NpyFolder Kind => new() { Folder = _folder, Fit = SquareFit.Stretch };

    private void Refused(params string[] parts)
    {
        var refusal = Assert.Throws<DataException>(() => Kind.Load())!;
        foreach (var part in parts)
            Assert.That(refusal.Message, Does.Contain(part));
    }

    private void Write(string name, Tensor array)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        NpyFile.Write(path, array);
    }
}
