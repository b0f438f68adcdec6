package org.walstream.send.command;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.walstream.send.command.CommandToken.End;
import org.walstream.send.command.CommandToken.Numeral;
import org.walstream.send.command.CommandToken.Position;
import org.walstream.send.command.CommandToken.Symbol;
import org.walstream.send.command.CommandToken.Text;
import org.walstream.send.command.CommandToken.Word;
import org.walstream.send.command.ReplicationCommand.AlterSlot;
import org.walstream.send.command.ReplicationCommand.BaseBackup;
import org.walstream.send.command.ReplicationCommand.CreateSlot;
import org.walstream.send.command.ReplicationCommand.DropSlot;
import org.walstream.send.command.ReplicationCommand.IdentifySystem;
import org.walstream.send.command.ReplicationCommand.ReadSlot;
import org.walstream.send.command.ReplicationCommand.Show;
import org.walstream.send.command.ReplicationCommand.Sql;
import org.walstream.send.command.ReplicationCommand.StartLogicalReplication;
import org.walstream.send.command.ReplicationCommand.StartReplication;
import org.walstream.send.command.ReplicationCommand.TimelineHistory;
import org.walstream.send.command.ReplicationCommand.UploadManifest;
import org.walstream.wal.TimelineId;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Reads a replication command. The first word decides whether it is one; everything else is SQL.
/// Recursive descent with one token of look-ahead, as repl_gram.y needs no more.
public final class ReplicationCommandParser {

  private final CommandScanner scanner;
  private CommandToken token = new End();

  private ReplicationCommandParser(String command, Consumer<String> tooLong) {
    this.scanner = new CommandScanner(command, tooLong);
  }

  /// @param tooLong is told each name that was cut to 63 bytes
  /// @throws ServerError with SQLSTATE 42601 if it begins like a replication command and is none
  public static ReplicationCommand parse(String text, Consumer<String> tooLong) throws ServerError {
    var parser = new ReplicationCommandParser(text, tooLong);
    Optional<ReplicationCommand> command = parser.command(firstWord(text));
    if (command.isEmpty()) {
      return new Sql(text);
    }
    if (parser.token instanceof Symbol(char symbol) && symbol == ';') {
      parser.advance();
    }
    if (!(parser.token instanceof End)) {
      throw CommandScanner.syntaxError();
    }
    return command.get();
  }

  /// The first word, whatever comes after it: SQL may hold what the scanner does not know.
  private static String firstWord(String text) {
    String stripped = text.strip();
    int end = 0;
    while (end < stripped.length()
        && (Character.isLetterOrDigit(stripped.charAt(end)) || stripped.charAt(end) == '_')) {
      end++;
    }
    return stripped.substring(0, end).toUpperCase(Locale.ROOT);
  }

  private Optional<ReplicationCommand> command(String keyword) throws ServerError {
    return switch (keyword) {
      case "IDENTIFY_SYSTEM" -> {
        begin();
        yield Optional.of(new IdentifySystem());
      }
      case "SHOW" -> {
        begin();
        yield Optional.of(new Show(variable()));
      }
      case "TIMELINE_HISTORY" -> {
        begin();
        yield Optional.of(new TimelineHistory(timeline()));
      }
      case "CREATE_REPLICATION_SLOT" -> {
        begin();
        yield Optional.of(createSlot());
      }
      case "ALTER_REPLICATION_SLOT" -> {
        begin();
        String slot = name();
        options();
        yield Optional.of(new AlterSlot(slot));
      }
      case "READ_REPLICATION_SLOT" -> {
        begin();
        yield Optional.of(new ReadSlot(name()));
      }
      case "DROP_REPLICATION_SLOT" -> {
        begin();
        yield Optional.of(new DropSlot(name(), accept("wait")));
      }
      case "START_REPLICATION" -> {
        begin();
        yield Optional.of(startReplication());
      }
      case "BASE_BACKUP" -> {
        skipAll();
        yield Optional.of(new BaseBackup());
      }
      case "UPLOAD_MANIFEST" -> {
        begin();
        yield Optional.of(new UploadManifest());
      }
      default -> Optional.empty();
    };
  }

  /// Stands on the word after the first.
  private void begin() throws ServerError {
    advance();
    advance();
  }

  private void skipAll() throws ServerError {
    do {
      advance();
    } while (!(token instanceof End));
  }

  private CreateSlot createSlot() throws ServerError {
    String slot = name();
    boolean temporary = accept("temporary");
    boolean logical = accept("logical");
    if (logical) {
      name();
    } else if (!accept("physical")) {
      throw CommandScanner.syntaxError();
    }
    boolean reserveWal = false;
    for (var option : (isSymbol('(') ? options() : legacyOptions()).entrySet()) {
      if (logical) {
        continue;
      } else if (!option.getKey().equals("reserve_wal")) {
        throw ServerError.error(SqlState.SYNTAX_ERROR, "conflicting or redundant options");
      }
      reserveWal = bool(option.getKey(), option.getValue());
    }
    return new CreateSlot(slot, temporary, logical, reserveWal);
  }

  /// The bare words that PostgreSQL before 15 knew.
  private Map<String, String> legacyOptions() throws ServerError {
    var options = new LinkedHashMap<String, String>();
    while (token instanceof Word(String text, boolean quoted) && !quoted) {
      options.put(text, "true");
      advance();
    }
    return options;
  }

  /// `(name [value], …)`
  private Map<String, String> options() throws ServerError {
    var options = new LinkedHashMap<String, String>();
    expect('(');
    do {
      String name = name();
      String value = isSymbol(',') || isSymbol(')') ? "true" : value();
      if (options.putIfAbsent(name, value) != null) {
        throw ServerError.error(SqlState.SYNTAX_ERROR, "conflicting or redundant options");
      }
    } while (acceptSymbol(','));
    expect(')');
    return options;
  }

  private String value() throws ServerError {
    String value =
        switch (token) {
          case Word(String text, boolean quoted) -> text;
          case Text(String text) -> text;
          case Numeral(long number) -> Long.toString(number);
          case Position position -> throw CommandScanner.syntaxError();
          case Symbol symbol -> throw CommandScanner.syntaxError();
          case End end -> throw CommandScanner.syntaxError();
        };
    advance();
    return value;
  }

  private ReplicationCommand startReplication() throws ServerError {
    Optional<String> slot = accept("slot") ? Optional.of(name()) : Optional.empty();
    if (slot.isPresent() && accept("logical")) {
      position();
      if (isSymbol('(')) {
        options();
      }
      return new StartLogicalReplication(slot.get());
    }
    accept("physical");
    long startLsn = position();
    Optional<TimelineId> timeline = accept("timeline") ? Optional.of(timeline()) : Optional.empty();
    return new StartReplication(slot, startLsn, timeline);
  }

  private String variable() throws ServerError {
    var name = new StringBuilder(name());
    while (acceptSymbol('.')) {
      name.append('.').append(name());
    }
    return name.toString();
  }

  private String name() throws ServerError {
    if (token instanceof Word(String text, boolean quoted)) {
      advance();
      return text;
    }
    throw CommandScanner.syntaxError();
  }

  private long position() throws ServerError {
    if (token instanceof Position(long lsn)) {
      advance();
      return lsn;
    }
    throw CommandScanner.syntaxError();
  }

  private TimelineId timeline() throws ServerError {
    if (token instanceof Numeral(long value)) {
      if (value == 0) {
        throw ServerError.error(SqlState.SYNTAX_ERROR, "invalid timeline 0");
      }
      advance();
      return new TimelineId((int) value);
    }
    throw CommandScanner.syntaxError();
  }

  private static boolean bool(String option, String value) throws ServerError {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "on", "1" -> true;
      case "false", "off", "0" -> false;
      default ->
          throw ServerError.error(SqlState.SYNTAX_ERROR, option + " requires a Boolean value");
    };
  }

  private boolean accept(String keyword) throws ServerError {
    boolean found = token instanceof Word word && word.isKeyword(keyword);
    if (found) {
      advance();
    }
    return found;
  }

  private boolean isSymbol(char symbol) {
    return token instanceof Symbol(char found) && found == symbol;
  }

  private boolean acceptSymbol(char symbol) throws ServerError {
    boolean found = isSymbol(symbol);
    if (found) {
      advance();
    }
    return found;
  }

  private void expect(char symbol) throws ServerError {
    if (!acceptSymbol(symbol)) {
      throw CommandScanner.syntaxError();
    }
  }

  private void advance() throws ServerError {
    token = scanner.next();
  }
}
