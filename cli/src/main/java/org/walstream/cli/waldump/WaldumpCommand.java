package org.walstream.cli.waldump;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.walstream.cli.Diagnostics;
import org.walstream.cli.Signals;
import org.walstream.cli.Subcommand;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;

/// `walstream waldump`: what pg_waldump does, with its options, output, messages and exit codes,
/// for the WAL of every version that Walstream knows; and more.
public final class WaldumpCommand implements Subcommand {

  /// What a shell makes of a program that SIGPIPE ended, as it ends pg_waldump.
  private static final int OUTPUT_CLOSED = 128 + 13;

  private final OutputStream out;
  private final WaldumpOptions options = new WaldumpOptions();

  public WaldumpCommand() {
    this(new FileOutputStream(FileDescriptor.out));
  }

  WaldumpCommand(OutputStream out) {
    this.out = out;
  }

  @Override
  public CommandTable table() {
    return WaldumpOptions.TABLE;
  }

  @Override
  public void take(Given given) {
    options.take(given);
  }

  @Override
  public void operands(List<String> operands) {
    options.operands(operands);
  }

  @Override
  public int run(Diagnostics diagnostics) throws IOException {
    var interruption = new Interruption();
    Signals.on("INT", interruption::raise);
    try {
      new Dump(options, new Output(out), diagnostics, interruption).run();
      return 0;
    } catch (OutputClosedException e) {
      return OUTPUT_CLOSED;
    }
  }
}
