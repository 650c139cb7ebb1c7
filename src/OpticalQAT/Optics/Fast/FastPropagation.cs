using System.Collections.Concurrent;
using OpticalQAT.Kernels;
using OpticalQAT.Runtime;
using TorchSharp;

namespace OpticalQAT.Optics.Fast;

/// <summary>Whether and how propagations run on the fast path of the CPU.</summary>
/// <remarks>
/// Environment: <c>OPTICALQAT_FAST=0</c> turns it off; <c>OPTICALQAT_SIMD=512|256|128</c> chooses the vector length in bits
/// instead of the longest that the processor has.
/// </remarks>
public static class FastPropagation
{
    private const double Tolerance = 1e-5;

    // What the self-check found for each pair of sizes: null for agreement, or why not. A fact of machine and process.
    private static readonly ConcurrentDictionary<(int Points, int Padded), string?> Checked = new();

    /// <summary>The vector length in bits.</summary>
    public static int VectorBits { get; } = ChooseVectorBits(Environment.GetEnvironmentVariable("OPTICALQAT_SIMD"));

    /// <summary>Whether the fast path is used at all.</summary>
    public static bool IsEnabled { get; } =
        !string.Equals(Environment.GetEnvironmentVariable("OPTICALQAT_FAST"), "0", StringComparison.Ordinal);

    /// <summary>One sentence on what the fast path does on this machine, and where it had to stand back.</summary>
    public static string Status
    {
        get
        {
            if (!IsEnabled)
                return "off, by OPTICALQAT_FAST=0";
            var failures = Checked.Values.OfType<string>().Order(StringComparer.Ordinal).ToArray();
            return $"{VectorBits}-bit vectors, {Checked.Count - failures.Length} sizes checked against torch"
                + (failures.Length == 0 ? string.Empty : "; not used: " + string.Join("; ", failures));
        }
    }

    /// <summary>
    /// Tells whether the fast path computes propagations of N×N samples padded to M×M. The first question for a pair of
    /// sizes compares it with torch on a small batch, forward and backward.
    /// </summary>
    /// <param name="points">N.</param>
    /// <param name="padded">M.</param>
    /// <param name="reason">Why not, in one sentence; empty where it does.</param>
    public static bool Supports(int points, int padded, out string reason)
    {
        reason = !IsEnabled ? "The fast path is off, by OPTICALQAT_FAST=0."
            : !HasPlan(points, padded) ? NoPlan(points, padded)
            : Checked.GetOrAdd((points, padded), static size => Check(size.Points, size.Padded, VectorBits)) ?? string.Empty;
        return reason.Length == 0;
    }

    /// <summary>Whether it knows how to compute N×N samples padded to M×M; a plan still has to agree with torch.</summary>
    internal static bool HasPlan(int points, int padded) => points >= 1 && padded >= points && PaddedLength.Choose(points, padded) is not null;

    internal static string NoPlan(int points, int padded) =>
        $"{points} points padded to {padded}: neither is {padded} a product of 2, 3 and 5 nor is it at least {(2 * points) - 1}.";

    internal static int ChooseVectorBits(string? wanted) => wanted switch
    {
        "512" => 512,
        "256" => 256,
        "128" => 128,
        _ => VectorLength.Longest,
    };

    /// <summary>Compares one masked propagation and its gradients with torch; null where they agree.</summary>
    internal static string? Check(int points, int padded, int vectorBits)
    {
        try
        {
            using var scope = torch.NewDisposeScope();
            using var generator = new torch.Generator(1);
            var transfer = Random(padded, padded);
            var (fields, mask) = (Random(2, points, points), Random(1, points, points));
            var weight = Random(2, points, points);
            var stack = new FastStack([TransferKernel.Create(transfer, points, vectorBits)]);
            var fast = Gradients((u, t) => stack.Forward(u, t));
            var plain = Gradients((u, t) =>
            {
                var spectrum = torch.fft.fft2(u * t, s: [padded, padded]) * transfer;
                return torch.fft.ifft2(spectrum).narrow(1, 0, points).narrow(2, 0, points);
            });
            foreach (var (name, ours, theirs) in fast.Zip(plain, (a, b) => (a.Name, a.Value, b.Value)))
            {
                var error = ((ours - theirs).abs().norm() / theirs.abs().norm()).ToDouble();
                if (!(error <= Tolerance))
                    return $"{points} points padded to {padded}: {name} differs from torch's by {error:E1}";
            }
            return null;

            torch.Tensor Random(params long[] shape) =>
                torch.view_as_complex(torch.randn([.. shape, 2], generator: generator));
            (string Name, torch.Tensor Value)[] Gradients(Func<torch.Tensor, torch.Tensor, torch.Tensor> propagate)
            {
                var (u, t) = (fields.detach().requires_grad_(), mask.detach().requires_grad_());
                using var enabled = torch.enable_grad();
                var output = propagate(u, t);
                (output * weight.conj()).real.sum().BackwardGuarded();
                return [("the field", output.detach()), ("the fields' gradient", u.grad!), ("the masks' gradient", t.grad!)];
            }
        }
        catch (Exception e) when (e is InvalidOperationException or NotSupportedException or ArgumentException)
        {
            return $"{points} points padded to {padded}: {e.Message}";
        }
    }
}
