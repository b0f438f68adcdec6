package org.walstream.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.walstream.store.PgWalDirectory;
import org.walstream.wal.Lsn;
import org.walstream.wal.control.DBState;
import org.walstream.wal.record.EndOfWal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `walstream walend`: where the WAL of a server that is down ends, and why there (R33). What
/// pg_waldump tells who reads its last line.
final class WalEndCommand implements Subcommand {

  @Override
  public String name() {
    return "walend";
  }

  @Override
  public String summary() {
    return "find the end of a dead server's WAL";
  }

  @Override
  public int run(List<String> arguments) {
    return OptionParser.run(name(), new Options(), arguments);
  }

  @Command(
      name = "walstream walend",
      sortOptions = false,
      header = {
        "Finds the end of the WAL of a server that is down, and says why it ends there.",
        "",
        "Example:",
        "  walstream walend /var/lib/postgresql/18/main",
        ""
      })
  static final class Options implements Callable<Integer> {

    @Parameters(
        paramLabel = "DIR",
        description = "a data directory, its pg_wal, or a directory of pg_receivewal")
    Path directory = Path.of("");

    @Option(names = "--json", description = "answer as one JSON object")
    boolean json;

    @Override
    public Integer call() throws IOException {
      try (var wal = PgWalDirectory.open(directory)) {
        EndOfWal end = wal.endOfWal();
        if (!end.foundRecord()) {
          var diagnostics = Diagnostics.of("walend");
          diagnostics.error("could not find a valid record after " + Lsn.format(end.endLsn()));
          diagnostics.detail(end.reason().message());
          return 1;
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
}
