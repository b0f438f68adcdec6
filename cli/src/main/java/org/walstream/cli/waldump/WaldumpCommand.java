package org.walstream.cli.waldump;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.walstream.cli.Diagnostics;
import org.walstream.cli.GetOptLong;
import org.walstream.cli.Signals;
import org.walstream.cli.Subcommand;
import org.walstream.cli.UsageException;
import org.walstream.cli.Version;
import org.walstream.wal.rmgr.Rmgr;

/// `walstream waldump`: what pg_waldump does, with its options, output, messages and exit codes,
/// for the WAL of every version that Walstream knows; and more.
public final class WaldumpCommand implements Subcommand {

  /// What a shell makes of a program that SIGPIPE ended, as it ends pg_waldump.
  private static final int OUTPUT_CLOSED = 128 + 13;

  private final OutputStream out;
  private final PrintStream errors;

  public WaldumpCommand() {
    this(new FileOutputStream(FileDescriptor.out), System.err);
  }

  WaldumpCommand(OutputStream out, PrintStream errors) {
    this.out = out;
    this.errors = errors;
  }

  @Override
  public String name() {
    return "waldump";
  }

  @Override
  public String summary() {
    return "show what is in WAL";
  }

  @Override
  public int run(List<String> arguments) throws IOException {
    var diagnostics = new Diagnostics(name(), errors);
    try {
      WaldumpOptions options = WaldumpOptions.parse(arguments);
      switch (options.instead) {
        case HELP -> print(WaldumpHelp.TEXT);
        case VERSION -> print(Version.TEXT + "\n");
        case RMGR_LIST -> print(rmgrList());
        case NOTHING -> dump(options, diagnostics);
      }
      return 0;
    } catch (GetOptLong.WrongOptionException e) {
      diagnostics.info(e.getMessage());
      diagnostics.tryHelp();
    } catch (UsageException e) {
      diagnostics.error(e.getMessage());
      diagnostics.detail(e.detail());
      diagnostics.tryHelp();
    } catch (WaldumpFailure e) {
      diagnostics.error(e.getMessage());
      diagnostics.detail(e.detail());
    } catch (OutputClosedException e) {
      return OUTPUT_CLOSED;
    }
    return 1;
  }

  private void dump(WaldumpOptions options, Diagnostics diagnostics) throws IOException {
    var interruption = new Interruption();
    Signals.on("INT", interruption::raise);
    new Dump(options, new Output(out), diagnostics, interruption).run();
  }

  private void print(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String rmgrList() {
    var list = new StringBuilder();
    for (Rmgr rmgr : Rmgr.values()) {
      list.append(rmgr.rmgrName()).append('\n');
    }
    return list.toString();
  }
}
