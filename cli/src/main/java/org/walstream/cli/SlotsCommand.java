package org.walstream.cli;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;
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

  private String commandLine = "";

  @Override
  public CommandTable table() {
    return TABLE;
  }

  @Override
  public void take(Given given) {
    throw new IllegalStateException(given.name());
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
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      String name = equals > 0 ? word.substring(0, equals) : word;
      if (equals < 0 && name.length() > 2 && name.matches("-[dhpU].*")) {
        equals = 1;
        name = name.substring(0, 2);
      }
      boolean isOption = name.matches("-[dhpU]|--(dbname|primary|host|port|username)");
      if (isOption && (equals > 0 || rest.hasNext())) {
        String value = equals > 0 ? word.substring(equals + 1) : rest.next();
        switch (name) {
          case "-h", "--host" -> options.host = value;
          case "-p", "--port" -> options.port = value;
          case "-U", "--username" -> options.user = value;
          default -> options.connectionString = value;
        }
      }
    }
    return options.conninfo("walstream completion");
  }
}
