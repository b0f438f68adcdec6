package org.walstream.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.Option;
import org.walstream.cli.line.UsageException;
import org.walstream.file.FileErrors;
import org.walstream.node.time.SystemTimeZone;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.control.ControlFile;
import org.walstream.wal.control.ControlFileBytes;

/// `walstream controldata`: what pg_controldata prints, for the control files of every version that
/// Walstream knows. A corrupted one is shown as far as it goes, and one of an unknown version as
/// the newest.
///
/// Counterpart of src/bin/pg_controldata/pg_controldata.c.
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

  private static final int READ_AGAIN_MAX = 10;
  private static final long READ_AGAIN_AFTER_NANOS = 10_000_000;

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
    ControlFileBytes control = settled(directory + "/global/pg_control");
    warn(control, diagnostics);
    System.out.print(new ControlDataText(control, SystemTimeZone.rules()).text());
    return 0;
  }

  /// Reads the file, and again while its checksum is wrong and still changes: a server may be
  /// writing it.
  private static ControlFileBytes settled(String file) throws IOException {
    ControlFileBytes control = read(file);
    boolean settled = false;
    for (int again = 0;
        again < READ_AGAIN_MAX && !settled && !control.hasRightChecksum();
        again++) {
      LockSupport.parkNanos(READ_AGAIN_AFTER_NANOS);
      ControlFileBytes next = read(file);
      settled = next.computedChecksum() == control.computedChecksum();
      control = next;
    }
    return control;
  }

  private static ControlFileBytes read(String file) throws IOException {
    byte[] bytes = firstBytes(file);
    if (bytes.length < ControlFile.LENGTH) {
      throw new CommandFailure(
          "could not read file \"%s\": read %d of %d"
              .formatted(file, bytes.length, ControlFile.LENGTH),
          null);
    }
    return ControlFileBytes.of(bytes);
  }

  private static byte[] firstBytes(String file) throws CommandFailure {
    try (var in = Files.newInputStream(Path.of(file))) {
      return in.readNBytes(ControlFile.LENGTH);
    } catch (FileSystemException e) {
      throw new CommandFailure(
          "could not open file \"%s\" for reading: %s".formatted(file, FileErrors.reason(e)), null);
    } catch (IOException e) {
      throw new CommandFailure(
          "could not read file \"%s\": %s".formatted(file, FileErrors.reason(e)), null);
    }
  }

  private static void warn(ControlFileBytes control, Diagnostics diagnostics) {
    if (control.mayBeBigEndian()) {
      diagnostics.warning(
          """
          possible byte ordering mismatch
          The byte ordering used to store the pg_control file might not match the one
          used by this program.  In that case the results below would be incorrect, and
          the PostgreSQL installation would be incompatible with this data directory.\
          """);
    }
    if (!control.hasRightChecksum()) {
      diagnostics.warning("calculated CRC checksum does not match value stored in control file");
      diagnostics.detail(
          "Either the control file is corrupt, or it has a different layout than this program is"
              + " expecting.  The results below are untrustworthy.");
    }
    int segmentBytes = control.walSegmentBytes();
    if (!WalSegmentSize.isValid(segmentBytes)) {
      diagnostics.warning(
          "invalid WAL segment size in control file (%d %s)"
              .formatted(segmentBytes, segmentBytes == 1 ? "byte" : "bytes"));
      diagnostics.detail("The WAL segment size must be a power of two between 1 MB and 1 GB.");
      diagnostics.detail("The file is corrupt and the results below are untrustworthy.");
    }
  }
}
