package org.walstream.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.Option;
import org.walstream.cli.line.UsageException;
import org.walstream.node.time.SystemTimeZone;
import org.walstream.wal.control.ControlFile;

/// `walstream controldata`: what pg_controldata prints, for the control files of every version that
/// Walstream knows.
///
/// Counterpart of src/bin/pg_controldata/pg_controldata.c. Differs from PostgreSQL: of a file whose
/// checksum is wrong, values that no server can have written are not printed but end the command.
final class ControlDataCommand implements Subcommand {

  private static final CommandTable TABLE =
      CommandTable.of("controldata", "[OPTION] [DATADIR]")
          .standsFor(
              "pg_controldata", "displays control information of a PostgreSQL database cluster.")
          .about("Shows the control information of a PostgreSQL server, as pg_controldata does.")
          .example("walstream controldata /var/lib/postgresql/18/main")
          .section(
              "Options",
              Option.value('D', "pgdata", "DATADIR", "data directory"),
              Option.VERSION,
              Option.HELP)
          .footer(
              """
              If no data directory (DATADIR) is specified, the environment variable PGDATA
              is used.\
              """)
          .build();

  private @Nullable String directory;

  @Override
  public CommandTable table() {
    return TABLE;
  }

  @Override
  public void take(Given given) {
    directory = given.value();
  }

  @Override
  public void operands(List<String> operands) {
    var left = new ArrayList<>(operands);
    if (directory == null) {
      directory = left.isEmpty() ? System.getenv("PGDATA") : left.removeFirst();
    }
    CommandRunner.refuseMoreThan(0, left);
    if (directory == null) {
      throw new UsageException("no data directory specified");
    }
  }

  @Override
  public int run(Diagnostics diagnostics) throws IOException {
    byte[] bytes = read(Path.of(Objects.requireNonNull(directory), "global/pg_control"));
    ControlFile control = ControlFile.parseUnverified(bytes);
    if (!ControlFile.hasRightChecksum(bytes)) {
      warnOfChecksum(diagnostics);
    }
    System.out.print(new ControlDataText(control, SystemTimeZone.rules()).text());
    return 0;
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

  private static void warnOfChecksum(Diagnostics diagnostics) {
    diagnostics.warning("calculated CRC checksum does not match value stored in control file");
    diagnostics.detail(
        "Either the control file is corrupt, or it has a different layout than this program is"
            + " expecting.  The results below are untrustworthy.");
  }
}
