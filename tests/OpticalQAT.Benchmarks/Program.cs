using BenchmarkDotNet.Running;
using OpticalQAT.Benchmarks.Comparison;
using OpticalQAT.Benchmarks.Devices;
using OpticalQAT.Benchmarks.Micro;
using OpticalQAT.Benchmarks.Steps;
using OpticalQAT.Runtime;

const string Usage = """
    OpticalQAT.Benchmarks compare [options]   the published algorithm, bare FFTs, the torch path and the fast path, side by side
        --n 128,200        sides of the planes                 --padding 2     padded side as a multiple of N
        --layers 5         masks                               --batch 16      samples per step
        --threads 1        threads of torch and the fast path  --repeats 7     rounds; every variant runs once in each
        --scaling          also the cost over batch, layers and side
        --memory           also the peak memory of each variant, in a process of its own
        --json             one JSON document instead of tables
    OpticalQAT.Benchmarks steps [--json]      a whole training step beside its propagation, for every quantizer and level count;
                                              one thread, 64×64, 4 layers, batch 64
    OpticalQAT.Benchmarks device [NAME] [--json]   correctness against double precision and throughput on a device (auto, cpu, cuda:0)
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
    return StepProgram.Run(Console.Out, json: args.Contains("--json", StringComparer.Ordinal));
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
