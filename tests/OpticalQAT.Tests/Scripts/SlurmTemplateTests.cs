using NUnit.Framework;

namespace OpticalQAT.Tests.Scripts;

/// <summary>The batch scripts' own decisions; <c>try-on-one-node.sh</c> tries them with a real Slurm.</summary>
[Platform(Include = "Linux", Reason = "Slurm runs there.")]
public class SlurmTemplateTests
{
    private SlurmStage _stage = null!;

    [SetUp]
    public void SetTheStage() => _stage = new SlurmStage();

    [TearDown]
    public void ClearTheStage() => _stage.Dispose();

    [TestCase("USR1")]
    [TestCase("USR1 USR1")]
    public void Ahead_of_the_limit_the_program_saves_and_then_the_job_is_requeued(string signals)
    {
        Assert.That(_stage.Start("train.sbatch", ["a.yaml", "seed=7"], signals), Is.EqualTo(143));
        Assert.That(_stage.Calls, Is.EqualTo(new[]
        {
            $"opticalqat train a.yaml seed=7 output.folder={_stage.Runs}/slurm-4711",
            "saved",
            "scontrol requeue 4711",
        }));
    }

    [TestCase("TERM")]
    [TestCase("USR1 TERM")]
    public void A_cancelled_job_is_saved_and_stays_cancelled(string signals)
    {
        Assert.That(_stage.Start("train.sbatch", ["a.yaml"], signals), Is.EqualTo(143));
        Assert.That(_stage.Calls, Has.Length.EqualTo(2).And.ItemAt(1).EqualTo("saved"));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(143)]
    public void A_program_that_ends_by_itself_gives_its_exit_code_to_the_job(int exitCode)
    {
        Assert.That(_stage.Start("train.sbatch", ["a.yaml"], exitCode: exitCode), Is.EqualTo(exitCode));
        Assert.That(_stage.Calls, Has.Length.EqualTo(1));
    }

    [Test]
    public void A_program_that_the_signal_ends_before_it_listens_is_requeued()
    {
        Assert.That(_stage.Start("train.sbatch", ["a.yaml"], "USR1", listens: false), Is.EqualTo(138));
        Assert.That(_stage.Calls, Has.Length.EqualTo(2).And.ItemAt(1).EqualTo("scontrol requeue 4711"));
    }

    [Test]
    public void A_restart_resumes_the_run_of_its_own_job()
    {
        _stage.AddRun("slurm-4710", "a/20261123-141502-7f3a");
        var own = _stage.AddRun("slurm-4711", "a/20261123-141501-7f3a");
        _stage.Start("train.sbatch", ["a.yaml"], restarts: 1);
        Assert.That(_stage.Calls, Is.EqualTo(new[] { $"opticalqat train --resume {own}" }));
    }

    [TestCase("slurm-4711", 0, Description = "left by a job that had this id before")]
    [TestCase("slurm-4710", 1, Description = "the node was lost before this job's run began")]
    public void Without_a_run_of_its_own_a_job_starts_anew(string others, int restarts)
    {
        _stage.AddRun(others, "a/20261123-141502-7f3a");
        _stage.Start("train.sbatch", ["a.yaml"], restarts: restarts);
        Assert.That(_stage.Calls, Is.EqualTo(new[] { $"opticalqat train a.yaml output.folder={_stage.Runs}/slurm-4711" }));
    }

    [Test]
    public void After_very_many_restarts_a_job_is_not_requeued()
    {
        Assert.That(_stage.Start("train.sbatch", ["a.yaml"], "USR1", restarts: 100), Is.EqualTo(143));
        Assert.That(_stage.Calls, Has.None.StartsWith("scontrol"));
    }

    [Test]
    public void A_task_of_a_sweep_has_its_index_for_a_seed_and_requeues_itself_alone()
    {
        _stage.Start("sweep.sbatch", ["a.yaml"], "USR1", task: 3);
        Assert.That(_stage.Calls, Is.EqualTo(new[]
        {
            $"opticalqat train a.yaml seed=3 output.folder={_stage.Runs}/slurm-4711_3",
            "saved",
            "scontrol requeue 4711_3",
        }));
    }
}
