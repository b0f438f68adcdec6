package org.walstream.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.WalDataException;
import org.walstream.wal.control.ControlFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `walstream controldata`: what pg_controldata prints, for the control files of every version that
/// Walstream knows.
///
/// Counterpart of src/bin/pg_controldata/pg_controldata.c. Differs from PostgreSQL: of a file whose
/// checksum is wrong, values that no server can have written are not printed but end the command.
final class ControlDataCommand implements Subcommand {

  @Override
  public String name() {
    return "controldata";
  }

  @Override
  public String summary() {
    return "show a server's control file";
  }

  @Override
  public int run(List<String> arguments) {
    return OptionParser.run(name(), new Options(), arguments);
  }

  @Command(
      name = "walstream controldata",
      sortOptions = false,
      header = {
        "Shows the control information of a PostgreSQL server, as pg_controldata does.",
        "",
        "Example:",
        "  walstream controldata /var/lib/postgresql/18/main",
        ""
      })
  static final class Options implements Callable<Integer> {

    @Option(
        names = {"-D", "--pgdata"},
        paramLabel = "DATADIR",
        description = "data directory; also the only argument, or $PGDATA")
    @Nullable String pgdata;

    @Parameters(paramLabel = "DATADIR", hidden = true)
    List<String> operands = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
      Path file = Path.of(dataDirectory()).resolve("global/pg_control");
      try {
        byte[] bytes = read(file);
        ControlFile control = ControlFile.parseUnverified(bytes);
        if (!ControlFile.hasRightChecksum(bytes)) {
          warnOfChecksum();
        }
        System.out.print(new ControlDataText(control, ZoneId.systemDefault()).text());
        return 0;
      } catch (WalDataException e) {
        Diagnostics.of("controldata").error(Failures.describe(e));
        return 1;
      }
    }

    private String dataDirectory() {
      var left = new ArrayList<>(operands);
      String directory = pgdata;
      if (directory == null) {
        directory = left.isEmpty() ? System.getenv("PGDATA") : left.removeFirst();
      }
      if (!left.isEmpty()) {
        throw new UsageException(
            "too many command-line arguments (first is \"%s\")".formatted(left.getFirst()));
      }
      if (directory == null) {
        throw new UsageException("no data directory specified");
      }
      return directory;
    }

    private static byte[] read(Path file) throws IOException {
      try {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length < ControlFile.LENGTH) {
          throw new IOException(
              "could not read file \"%s\": read %d of %d"
                  .formatted(file, bytes.length, ControlFile.LENGTH));
        }
        return bytes;
      } catch (NoSuchFileException e) {
        throw notOpened(file, "No such file or directory");
      } catch (AccessDeniedException e) {
        throw notOpened(file, "Permission denied");
      }
    }

    private static IOException notOpened(Path file, String why) {
      return new IOException("could not open file \"%s\" for reading: %s".formatted(file, why));
    }

    private static void warnOfChecksum() {
      var diagnostics = Diagnostics.of("controldata");
      diagnostics.warning("calculated CRC checksum does not match value stored in control file");
      diagnostics.detail(
          "Either the control file is corrupt, or it has a different layout than this program is"
              + " expecting.  The results below are untrustworthy.");
    }
  }
}
