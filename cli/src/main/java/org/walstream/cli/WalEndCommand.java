package org.walstream.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;
import org.walstream.cli.line.Option;
import org.walstream.cli.line.UsageException;
import org.walstream.store.segment.PgWalDirectory;
import org.walstream.wal.Lsn;
import org.walstream.wal.control.DBState;
import org.walstream.wal.record.EndOfWal;

/// `walstream walend`: where the WAL of a server that is down ends, and why there. What pg_waldump
/// tells who reads its last line.
final class WalEndCommand implements Subcommand {

  private static final CommandTable TABLE =
      CommandTable.of("walend", "[OPTION]... DIR")
          .about(
              """
              Finds the end of the WAL of a server that is down, and says why it ends there.
              DIR is a data directory, its pg_wal, or a directory of pg_receivewal.\
              """)
          .example("walstream walend /var/lib/postgresql/18/main")
          .section(
              "Options",
              Option.flag("json", "answer as one JSON object"),
              Option.VERSION,
              Option.HELP)
          .build();

  private Path directory = Path.of("");
  private boolean json;

  @Override
  public CommandTable table() {
    return TABLE;
  }

  @Override
  public void take(Given given) {
    json = true;
  }

  @Override
  public void operands(List<String> operands) {
    CommandRunner.refuseMoreThan(1, operands);
    if (operands.isEmpty()) {
      throw new UsageException("no directory specified");
    }
    directory = Path.of(operands.getFirst());
  }

  @Override
  public int run(Diagnostics diagnostics) throws IOException {
    try (var wal = PgWalDirectory.open(directory)) {
      EndOfWal end = wal.endOfWal();
      if (!end.foundRecord()) {
        throw new CommandFailure(
            "could not find a valid record after " + Lsn.format(end.endLsn()),
            end.reason().message());
      }
      Map<String, String> answer = answer(wal, end);
      System.out.println(json ? json(answer) : text(answer));
      return 0;
    }
  }

  private static Map<String, String> answer(PgWalDirectory wal, EndOfWal end) {
    var answer = new LinkedHashMap<String, String>();
    answer.put("system identifier", Long.toUnsignedString(wal.systemIdentifier()));
    wal.controlFile()
        .map(control -> control.state())
        .map(DBState::label)
        .ifPresent(state -> answer.put("cluster state", state));
    answer.put("timeline", end.timeline().toString());
    answer.put("end LSN", Lsn.format(end.endLsn()));
    answer.put("segment file", end.segment(wal.segmentSize()).fileName());
    answer.put("last record LSN", Lsn.format(end.lastRecordLsn()));
    answer.put("invalid at LSN", Lsn.format(end.reason().lsn()));
    answer.put("reason", end.reason().message());
    return answer;
  }

  /// In columns, as pg_controldata answers.
  private static String text(Map<String, String> answer) {
    return answer.entrySet().stream()
        .map(entry -> "%-20s%s".formatted(capitalized(entry.getKey()) + ":", entry.getValue()))
        .collect(Collectors.joining("\n"));
  }

  private static String json(Map<String, String> answer) {
    return answer.entrySet().stream()
        .map(entry ->
            "\"%s\": \"%s\""
                .formatted(
                    entry.getKey().toLowerCase(java.util.Locale.ROOT).replace(' ', '_'),
                    entry.getValue().replace("\\", "\\\\").replace("\"", "\\\"")))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String capitalized(String label) {
    return Character.toUpperCase(label.charAt(0)) + label.substring(1);
  }
}
