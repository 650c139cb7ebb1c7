namespace OpticalQAT.Tests.Support.Fuzzing;

/// <summary>Feeds damaged inputs to a reader and judges what comes out, and how long and how much memory it took.</summary>
/// <param name="read">Reads an input; true where it was taken for whole.</param>
/// <param name="isAnswer">Whether an exception is one of those that the reader documents.</param>
internal sealed class FuzzRun(Func<byte[], bool> read, Func<Exception, bool> isAnswer)
{
    private const long MostBytes = 64 << 20;
    private static readonly TimeSpan MostProcessorTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(1); // on a clock, which a busy machine stretches

    /// <summary>Inputs that were refused as documented.</summary>
    public int Refused { get; private set; }

    /// <summary>Inputs that were read in spite of the damage.</summary>
    public int Accepted { get; private set; }

    /// <summary>The longest that one input took of the processor.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <summary>The most that was allocated for one input, in bytes.</summary>
    public long Largest { get; private set; }

    /// <summary>The faults, an entry for each input that broke a rule, with the input.</summary>
    public List<(string Problem, byte[] Input)> Findings { get; } = [];

    /// <summary>Feeds the inputs one after the other, on a thread of its own so that a hang is noticed.</summary>
    public void Feed(IEnumerable<byte[]> inputs)
    {
        var (number, current) = (0, Array.Empty<byte>());
        var worker = new Thread(() =>
        {
            foreach (var input in inputs)
            {
                current = input;
                Feed(input);
                Volatile.Write(ref number, number + 1);
            }
        })
        { IsBackground = true };
        worker.Start();
        var before = -1;
        while (!worker.Join(Hang))
        {
            if (Volatile.Read(ref number) == before)
            {
                Findings.Add(($"input {before} has been read for more than {Hang}", current));
                return;
            }
            before = Volatile.Read(ref number);
        }
    }

    private void Feed(byte[] input)
    {
        var (allocated, time) = (GC.GetAllocatedBytesForCurrentThread(), Environment.CpuUsage.TotalTime);
        try
        {
            if (read(input))
                Accepted++;
            else
                Refused++;
        }
        catch (Exception answer) when (isAnswer(answer))
        {
            Refused++;
            if (answer.Message.Contains("\n   at ", StringComparison.Ordinal))
                Findings.Add(($"the message holds a stack: {answer.Message}", input));
        }
        catch (Exception crash)
        {
            Findings.Add((crash.ToString(), input));
        }
        var (bytes, spent) = (GC.GetAllocatedBytesForCurrentThread() - allocated, Environment.CpuUsage.TotalTime - time);
        if (bytes > MostBytes)
            Findings.Add(($"{bytes} bytes were allocated", input));
        if (spent > MostProcessorTime)
            Findings.Add(($"it took {spent}", input));
        (Largest, Slowest) = (Math.Max(Largest, bytes), spent > Slowest ? spent : Slowest);
    }
}
