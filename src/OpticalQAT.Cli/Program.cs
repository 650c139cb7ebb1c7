using OpticalQAT.Cli;

// Before anything is loaded that opens files.
StandardStream.Guard();
return OpenFiles.AreEnough() ? CommandLine.Run(Commands.All(), args) : ExitCode.Failed;
