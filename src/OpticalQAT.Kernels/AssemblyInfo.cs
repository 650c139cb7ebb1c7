using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("OpticalQAT")]
[assembly: InternalsVisibleTo("OpticalQAT.Tests")]
[assembly: InternalsVisibleTo("OpticalQAT.Benchmarks")]
