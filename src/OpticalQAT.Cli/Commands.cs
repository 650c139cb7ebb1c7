using System.CommandLine;

namespace OpticalQAT.Cli;

/// <summary>The verbs and options of the command line.</summary>
internal static class Commands
{
    /// <summary>All verbs, under the program's own options.</summary>
    public static Command All() => new(
        "opticalqat",
        """
        OpticalQAT designs diffractive optical processors at the few height levels that a printer has: it trains the
        heights of phase masks through a differentiable quantizer and a model of light.

        Start with:  opticalqat examples --output configs
                     opticalqat train configs/quickstart.yaml

        Exit codes: 0 done; 1 the run failed, or its result could not be written to stdout; 2 the command or the
        configuration is wrong; 3 a check does not hold; 130 interrupted by SIGINT (Ctrl-C), 143 by SIGTERM or SIGUSR1,
        129 by SIGHUP: what there was to save is saved.
        """)
    {
        TrainVerb.Command(),
        EvaluateVerb.Command(),
        QuantizeVerb.Command(),
        CompareVerb.Command(),
        RobustnessVerb.Command(),
        ReportVerb.Command(),
        RunsVerb.Command(),
        ValidateVerb.Command(),
        KindsVerb.Command(),
        SchemaVerb.Command(),
        DoctorVerb.Command(),
        SetupVerb.Command(),
        ExamplesVerb.Command(),
        Failure.Verbose,
        Verb.Help(),
        new VersionOption(),
    };
}
