using NUnit.Framework;
using OpticalQAT.Data;
using OpticalQAT.Tests.Runtime;
using OpticalQAT.Tests.Support;
using static TorchSharp.torch;

namespace OpticalQAT.Tests.Laws;

/// <summary>The laws of every kind of dataset, whatever lies in its files.</summary>
[TestFixtureSource(nameof(Kinds))]
public class DatasetLaws(DatasetKind bare)
{
    private TemporaryFolder _folder = null!;
    private TorchSharp.DisposeScope _scope = null!;

    private static IEnumerable<TestFixtureData> Kinds() =>
        Support.Kinds.Of<DatasetKind>().Select(kind => new TestFixtureData(kind).SetArgDisplayNames(kind.GetType().Name));

    [SetUp]
    public void MakeFolder() => (_folder, _scope) = (new TemporaryFolder(), NewDisposeScope());

    [TearDown]
    public void Remove()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void The_outline_is_what_is_then_read([Values] SquareFit fit, [Values(1, 2, 4, 3, 6, 7)] int splits)
    {
        var kind = Sample(4, 6) with { Fit = fit };
        var request = new DataRequest((Splits)splits);
        var (outline, data) = (kind.Outline(request), kind.Load(request));
        Assert.That(outline.Splits.Select(part => part.What), Is.EqualTo(data.Read.Select(part => part.What)));
        foreach (var ((_, stated), (_, read)) in outline.Splits.Zip(data.Read))
        {
            Assert.That(read.Images.shape, Is.EqualTo(new[] { stated.Count, stated.Height, stated.Width }));
            Assert.That(Bytes(read.Images) + (read.Amplitudes is { } amplitudes ? Bytes(amplitudes) : 0), Is.EqualTo(stated.Bytes));
        }
        Assert.That(outline.ClassNames ?? data.ClassNames, Is.EqualTo(data.ClassNames));
        Assert.That(data.Remarks, Is.EqualTo(outline.Remarks));
    }

    [Test]
    public void More_than_the_memory_there_is_is_refused_with_both_numbers()
    {
        var kind = Sample(50, 40);
        var peak = kind.Outline(DataRequest.All).PeakBytes;
        Assert.That(peak, Is.GreaterThanOrEqualTo(kind.Load().Read.Sum(part => Bytes(part.Examples.Images))));
        Assert.That(() => kind.Load(DataRequest.All with { Memory = peak }), Throws.Nothing);
        var refusal = Assert.Throws<DataException>(() => kind.Load(DataRequest.All with { Memory = 100 }))!;
        var outline = kind.Outline(DataRequest.All);
        Assert.That(refusal.Message, Does.StartWith(
            $"{outline.Train!.Count} training examples of {outline.Train.Size} pixels and {outline.Validation!.Count} validation examples of {outline.Train.Size} pixels and {outline.Test!.Count} test examples of {outline.Train.Size} pixels "
            + $"take about {peak / 1e6:0.0} MB of memory while they are read, but there is 0.0 MB for them. "));
        Assert.That(refusal.Message, Does.EndWith("."));
    }

    [Test]
    public void A_request_that_is_cancelled_reads_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.That(() => Sample(4, 4).Load(new DataRequest(Splits.All, cancelled.Token)), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Square_examples_are_the_same_whatever_the_fit()
    {
        var kind = Sample(5, 5);
        foreach (var fit in Enum.GetValues<SquareFit>())
            AssertSame(kind.Load(), (kind with { Fit = fit }).Load());
        Assert.That(kind.Load().Remarks, Is.Empty);
    }

    [Test]
    public void Examples_that_are_not_square_are_padded_cropped_or_left_to_be_stretched([Values(4, 9)] int height, [Values(6, 7)] int width)
    {
        var kind = OfFiles(height, width);
        var (stored, padded, cropped) = ((kind with { Fit = SquareFit.Stretch }).Load().Train, kind.Load(), (kind with { Fit = SquareFit.Crop }).Load());
        var (longer, shorter) = (Math.Max(height, width), Math.Min(height, width));
        Assert.That(stored.Images.shape[1..], Is.EqualTo(new long[] { height, width }));
        var back = padded.Train.Images.narrow(1, (longer - height) / 2, height).narrow(2, (longer - width) / 2, width);
        Assert.That(back.equal(stored.Images).all().item<bool>());
        Assert.That(padded.Train.Images.to(float64).sum().item<double>(), Is.EqualTo(stored.Images.to(float64).sum().item<double>()).Within(1e-3), "darkness, or no phase");
        Assert.That(cropped.Train.Images.equal(stored.Images.narrow(1, (height - shorter) / 2, shorter).narrow(2, (width - shorter) / 2, shorter)).all().item<bool>());
        if (stored.Amplitudes is { } amplitudes)
            Assert.That((padded.Train.Amplitudes! - 1).sum().item<float>(), Is.EqualTo((amplitudes - 1).sum().item<float>()).Within(1e-3), "clear around");
        Assert.That(padded.Remarks, Is.EqualTo((string[])[$"Examples of {height} × {width} pixels are padded to {longer} × {longer} with darkness, or what is clear (task.dataset.fit: pad; crop and stretch are the others)."]));
        Assert.That(cropped.Remarks, Is.EqualTo((string[])[$"The middle of {shorter} × {shorter} pixels is cut out of examples of {height} × {width} (task.dataset.fit: crop)."]));
    }

    [Test]
    public void Hidden_twins_of_the_files_are_no_part_of_the_set()
    {
        var kind = OfFiles(4, 4);
        var before = kind.Load();
        foreach (var file in Files())
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(file)!, "._" + Path.GetFileName(file)), "no example");
        AssertSame(before, kind.Load());
    }

    [Test]
    public void A_file_that_is_cut_off_or_empty_is_named([Values(0, 0.5, 0.8)] double share)
    {
        var kind = OfFiles(10, 10);
        foreach (var file in Files())
        {
            var whole = File.ReadAllBytes(file);
            File.WriteAllBytes(file, whole[..(int)(share * whole.Length)]);
            Assert.That(() => kind.Load(), Throws.TypeOf<DataException>().With.Message.StartsWith(file + ": "));
            File.WriteAllBytes(file, whole);
        }
        Assert.That(kind.Load().Train.Count, Is.Positive);
    }

    private DatasetKind Sample(int height, int width) => SampleSets.Write(bare, _folder.Path, height, width);

    private DatasetKind OfFiles(int height, int width)
    {
        var kind = Sample(height, width);
        Assume.That(Files(), Is.Not.Empty, "it reads no files");
        return kind;
    }

    private string[] Files() => [.. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static double Bytes(Tensor tensor) => tensor.NumberOfElements * tensor.ElementSize;

    private static void AssertSame(Dataset expected, Dataset actual)
    {
        foreach (var ((_, one), (_, other)) in expected.Read.Zip(actual.Read))
        {
            Assert.That(one.Images.shape, Is.EqualTo(other.Images.shape));
            Assert.That(one.Images.equal(other.Images).all().item<bool>());
            Assert.That(one.Labels.equal(other.Labels).all().item<bool>());
            Assert.That(one.Amplitudes is null || one.Amplitudes.equal(other.Amplitudes!).all().item<bool>());
        }
    }
}
