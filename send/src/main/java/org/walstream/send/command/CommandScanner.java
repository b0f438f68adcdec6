package org.walstream.send.command;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.walstream.send.guc.Names;
import org.walstream.wal.Lsn;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Cuts a replication command into words. Counterpart of repl_scanner.l.
final class CommandScanner {

  /// In the order in which they are tried: a position before a number, which it may begin with.
  /// What is between quotes is possessive: java.util.regex would keep a stack frame for each
  /// character otherwise, and a client decides how many there are.
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<position>[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8})(?![0-9A-Za-z_])"
              + "|(?<number>[0-9]{1,10})(?![0-9A-Za-z_])"
              + "|(?<word>[A-Za-z_\\x80-\\uffff][A-Za-z0-9_$\\x80-\\uffff]*)"
              + "|\"(?<quoted>(?:[^\"]|\"\")++)\""
              + "|'(?<text>(?:[^']|'')*+)'"
              + "|(?<symbol>[(),;.])");

  private static final Pattern SPACE = Pattern.compile("\\s*");
  private static final long UINT32_MAX = 0xffff_ffffL;

  private final String command;
  private final Consumer<String> tooLong;
  private int at;

  /// @param tooLong is told each name that is cut to 63 bytes
  CommandScanner(String command, Consumer<String> tooLong) {
    this.command = command;
    this.tooLong = tooLong;
  }

  /// @throws ServerError if what comes is no word of the language
  CommandToken next() throws ServerError {
    Matcher space = SPACE.matcher(command).region(at, command.length());
    at = space.lookingAt() ? space.end() : at;
    if (at == command.length()) {
      return new CommandToken.End();
    }
    Matcher matcher = TOKEN.matcher(command).region(at, command.length());
    if (!matcher.lookingAt()) {
      throw syntaxError();
    }
    at = matcher.end();
    return token(matcher);
  }

  private CommandToken token(Matcher matcher) throws ServerError {
    if (matcher.group("position") != null) {
      return new CommandToken.Position(Lsn.parse(matcher.group("position")).value());
    } else if (matcher.group("number") != null) {
      long value = Long.parseLong(matcher.group("number"));
      if (value > UINT32_MAX) {
        throw syntaxError();
      }
      return new CommandToken.Numeral(value);
    } else if (matcher.group("word") != null) {
      return new CommandToken.Word(name(matcher.group("word").toLowerCase(Locale.ROOT)), false);
    } else if (matcher.group("quoted") != null) {
      return new CommandToken.Word(name(matcher.group("quoted").replace("\"\"", "\"")), true);
    } else if (matcher.group("text") != null) {
      return new CommandToken.Text(matcher.group("text").replace("''", "'"));
    }
    return new CommandToken.Symbol(matcher.group("symbol").charAt(0));
  }

  private String name(String name) {
    String taken = Names.truncate(name);
    if (!taken.equals(name)) {
      tooLong.accept(name);
    }
    return taken;
  }

  static ServerError syntaxError() {
    return ServerError.error(SqlState.SYNTAX_ERROR, "syntax error");
  }
}
