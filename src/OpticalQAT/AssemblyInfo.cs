using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("OpticalQAT.Tests")]
[assembly: InternalsVisibleTo("OpticalQAT.Benchmarks")]
[assembly: InternalsVisibleTo("OpticalQAT.Cli")]
