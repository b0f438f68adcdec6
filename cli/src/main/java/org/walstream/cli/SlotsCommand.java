package org.walstream.cli;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Option;
import org.walstream.cli.line.ShellWords;
import org.walstream.cli.line.UsageException;
import org.walstream.wire.client.PgClient;
import org.walstream.wire.client.QueryResult;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.ConnInfoException;
import org.walstream.wire.conninfo.ConnInfoOption;
import org.walstream.wire.conninfo.ConnectionSettings;
import org.walstream.wire.conninfo.LibpqEnvironment;

/// The hidden command `slots`: the physical replication slots of the server that a command line is
/// about, which a shell offers while the line is being typed. Nobody is asked for a password.
final class SlotsCommand implements Subcommand {

  private static final CommandTable TABLE =
      CommandTable.of("slots", "COMMANDLINE").section("Options", Option.HELP).build();

  private static final String QUERY =
      "SELECT slot_name FROM pg_replication_slots WHERE slot_type = 'physical' ORDER BY slot_name";

  private static final Map<String, BiConsumer<ConnectionOptions, String>> SETTERS =
      Map.of(
          "-d", (options, value) -> options.connectionString = value,
          "--dbname", (options, value) -> options.connectionString = value,
          "--primary", (options, value) -> options.connectionString = value,
          "-h", (options, value) -> options.host = value,
          "--host", (options, value) -> options.host = value,
          "-p", (options, value) -> options.port = value,
          "--port", (options, value) -> options.port = value,
          "-U", (options, value) -> options.user = value,
          "--username", (options, value) -> options.user = value);

  private String commandLine = "";

  @Override
  public CommandTable table() {
    return TABLE;
  }

  @Override
  public void operands(List<String> operands) {
    if (operands.size() != 1) {
      throw new UsageException("expecting a command line, as one word");
    }
    commandLine = operands.getFirst();
  }

  @Override
  public int run(Diagnostics diagnostics) throws IOException, ConnInfoException {
    ConnInfo server =
        server(ShellWords.of(commandLine))
            .orElse(
                ConnInfo.EMPTY
                    .with(ConnInfoOption.CONNECT_TIMEOUT, "2")
                    .with(ConnInfoOption.DBNAME, "postgres"));
    try (var client =
        PgClient.connect(
            ConnectionSettings.of(server, LibpqEnvironment.ofProcess(diagnostics::warning)))) {
      QueryResult slots = client.query(QUERY);
      for (int row = 0; row < slots.rows().size(); row++) {
        System.out.println(slots.text(row, 0));
      }
      client.terminate();
    }
    return 0;
  }

  /// Where the line's options lead. It is not parsed as its command would: it is not finished.
  private static ConnInfo server(List<String> words) {
    var options = new ConnectionOptions();
    for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
      String word = rest.next();
      boolean isLong = word.startsWith("--");
      int equals = word.indexOf('=');
      int nameEnd = isLong ? (equals < 0 ? word.length() : equals) : Math.min(2, word.length());
      var setter = SETTERS.get(word.substring(0, nameEnd));
      if (setter == null) {
        continue;
      }
      if (nameEnd < word.length()) {
        setter.accept(options, word.substring(isLong ? nameEnd + 1 : nameEnd));
      } else if (rest.hasNext()) {
        setter.accept(options, rest.next());
      }
    }
    return options.conninfo("walstream completion");
  }
}
