using System.CommandLine;
using OpticalQAT.Cli;

var commands = new Command(
    "opticalqat",
    """
    OpticalQAT designs diffractive optical processors that can be printed: it trains the heights of phase masks
    through a differentiable quantizer and a physical model of light.

    Start with:  opticalqat train configs/quickstart.yaml

    Exit codes: 0 done; 1 the run failed; 2 the command or the configuration is wrong; 3 a check does not hold;
    130 or 143 interrupted, the state is saved.
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
    Failure.Verbose,
    Verb.Help(),
    new VersionOption(),
};
return CommandLine.Run(commands, args);
