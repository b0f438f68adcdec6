package org.walstream.cli;

import picocli.CommandLine.Option;

/// The option that every command has.
final class HelpOption {

  @Option(
      names = {"-?", "--help"},
      usageHelp = true,
      description = "show this help, then exit")
  boolean help;
}
