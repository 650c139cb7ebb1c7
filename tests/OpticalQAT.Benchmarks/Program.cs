using System.Globalization;
using BenchmarkDotNet.Running;
using OpticalQAT.Benchmarks.Comparison;
using OpticalQAT.Benchmarks.Devices;
using OpticalQAT.Benchmarks.Micro;
using OpticalQAT.Benchmarks.Propagators;
using OpticalQAT.Benchmarks.Steps;
using OpticalQAT.Benchmarks.Threading;
using OpticalQAT.Runtime;

const string Usage = """
    OpticalQAT.Benchmarks compare [options]   the published algorithm, bare FFTs, the torch path and the fast path, side by side
        --n 128,200        sides of the planes                 --padding 2     padded side as a multiple of N
        --layers 5         masks                               --batch 16      samples per step
        --threads 1        threads of torch and the fast path  --repeats 7     rounds; every variant runs once in each
        --scaling          also the cost over batch, layers and side
        --memory           also memory and time of each variant in a process of its own, free of what the others leave
        --json             one JSON document instead of tables
    OpticalQAT.Benchmarks steps [--json]      a whole training step beside its propagation, for every quantizer and level count;
                                              one thread, 64×64, 4 layers, batch 64
                                              --only TEXT: only the variants whose name holds it, and the propagation
    OpticalQAT.Benchmarks threads [N] [--json]     what N threads bring (default 2), beside what the machine allows
    OpticalQAT.Benchmarks device [NAME] [--json]   correctness against double precision and throughput on a device (auto, cpu, cuda:0)
    OpticalQAT.Benchmarks propagators         what each propagator gives in a few geometries, against the sum over all sources
    OpticalQAT.Benchmarks micro [BenchmarkDotNet options]     small pieces: a line, a propagation

    Exit code 3: a variant differs from double precision by more than 1e-5.
    """;

if (args is ["micro", ..])
{
    NativeRuntime.Initialize();
    BenchmarkSwitcher.FromTypes([typeof(LineBenchmarks), typeof(PropagationBenchmarks)]).Run(args[1..]);
    return 0;
}

if (args is ["steps", ..])
{
    NativeRuntime.Initialize();
    var only = Array.IndexOf(args, "--only") is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : "";
    return StepProgram.Run(Console.Out, only, json: args.Contains("--json", StringComparer.Ordinal));
}

if (args is ["threads", ..])
{
    NativeRuntime.Initialize();
    var count = args.Length > 1 && int.TryParse(args[1], CultureInfo.InvariantCulture, out var given) ? Math.Max(given, 2) : 2;
    return ThreadProgram.Run(Console.Out, count, json: args.Contains("--json", StringComparer.Ordinal));
}

if (args is ["propagators"])
{
    NativeRuntime.Initialize();
    return PropagatorProgram.Run(Console.Out);
}

if (args is ["device", ..])
{
    var choice = args.Skip(1).FirstOrDefault(a => !a.StartsWith('-')) ?? "auto";
    return DeviceProgram.Run(Console.Out, choice, json: args.Contains("--json", StringComparer.Ordinal));
}

if (args is not ["compare", ..] || ComparisonOptions.Parse(args.AsSpan(1), Console.Error) is not { } options)
{
    Console.Error.WriteLine(Usage);
    return 2;
}

NativeRuntime.Initialize();
return new ComparisonProgram(options).Run(Console.Out);
