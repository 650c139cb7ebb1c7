using NUnit.Framework;
using OpticalQAT.Runtime;
using TorchSharp;

namespace OpticalQAT.Tests.Runtime;

public class ThreadsTests
{
    [TestCase("3", "5", ExpectedResult = 3)]
    [TestCase("4,2", null, ExpectedResult = 4)]
    [TestCase(null, "5", ExpectedResult = 5)]
    [TestCase("", "", ExpectedResult = 7)]
    [TestCase("0", "many", ExpectedResult = 7)]
    public int The_environment_goes_before_the_cores(string? omp, string? slurm) =>
        Threads.Choose(name => name switch { "OMP_NUM_THREADS" => omp, "SLURM_CPUS_PER_TASK" => slurm, _ => null }, cores: 7);

    [Test]
    public void Libtorch_computes_with_the_number_asked_for()
    {
        var before = torch.get_num_threads();
        try
        {
            Assert.That(Threads.Use(1), Is.EqualTo(1));
            Assert.That(torch.get_num_threads(), Is.EqualTo(1));
        }
        finally
        {
            torch.set_num_threads(before);
        }
    }

    [Test]
    public void No_threads_at_all_is_an_error() =>
        Assert.That(() => Threads.Use(0), Throws.TypeOf<ArgumentOutOfRangeException>());
}
