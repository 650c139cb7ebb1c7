using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("OpticalQAT.Tests")]
