package org.walstream.send.sql;

import java.util.List;
import java.util.Optional;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Reads what follows COPY:
///
/// ```
/// COPY {relation [(columns)] | (query)} TO STDOUT [[WITH] (option, …)]
/// COPY … TO STDOUT CSV HEADER             as it was written before 9.0
/// ```
///
/// Source: PostgreSQL manual, COPY.
final class CopyParser {

  private static final String ELSEWHERE =
      "Anyone can COPY to stdout or from stdin. psql's \\copy command also works for anyone.";

  private final StatementParser in;

  CopyParser(StatementParser in) {
    this.in = in;
  }

  Statement statement() throws ServerError {
    boolean binary = in.accept("binary");
    int start = in.peek().start();
    Optional<String> relation = Optional.empty();
    String query;
    if (in.acceptSymbol('(')) {
      start = in.peek().start();
      String whole = skipToClosing(start);
      query = whole.substring(0, whole.length() - 1);
    } else {
      relation = Optional.of(relation());
      String written = in.textFrom(start);
      String columns = "*";
      if (in.acceptSymbol('(')) {
        int first = in.peek().start();
        String list = skipToClosing(first);
        columns = list.substring(0, list.length() - 1);
      }
      query = "SELECT " + columns + " FROM " + written;
    }
    if (in.accept("from")) {
      throw ServerError.error(
          SqlState.READ_ONLY_SQL_TRANSACTION, "cannot execute COPY during recovery");
    }
    in.expect("to");
    requireStdout();
    in.accept("with");
    CopyOptions options = options(binary ? CopyOptions.BINARY : CopyOptions.TEXT);
    return new Statement.CopyOut(new Statement.Query(query, start), relation, options);
  }

  private String relation() throws ServerError {
    String name = in.name();
    while (in.acceptSymbol('.')) {
      String rest = in.name();
      name = name.equals("pg_catalog") ? rest : name + "." + rest;
    }
    return name;
  }

  /// The text up to the parenthesis that closes the one just read, and that.
  private String skipToClosing(int start) throws ServerError {
    int depth = 1;
    while (depth > 0 && !in.atEnd()) {
      if (in.acceptSymbol('(')) {
        depth++;
      } else if (in.acceptSymbol(')')) {
        depth--;
      } else {
        in.skip();
      }
    }
    if (depth > 0) {
      throw in.syntaxError();
    }
    return in.textFrom(start);
  }

  private void requireStdout() throws ServerError {
    if (in.peek() instanceof Token.Text) {
      throw denied("to a file", "pg_write_server_files", "COPY to a file");
    } else if (in.accept("program")) {
      throw denied(
          "to or from an external program",
          "pg_execute_server_program",
          "COPY to or from an external program");
    }
    in.expect("stdout");
  }

  private static ServerError denied(String where, String role, String what) {
    return ServerError.error(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to COPY " + where)
        .withDetail("Only roles with privileges of the \"%s\" role may %s.".formatted(role, what))
        .withHint(ELSEWHERE);
  }

  /// Both forms: `CSV HEADER` and `(FORMAT csv, HEADER)`.
  private CopyOptions options(CopyOptions byDefault) throws ServerError {
    boolean list = in.acceptSymbol('(');
    CopyOptions options = byDefault;
    while (!in.atEnd() && !(list && in.acceptSymbol(')'))) {
      in.acceptSymbol(',');
      if (in.accept("format")) {
        options = CopyOptions.of(word());
      } else if (in.accept("csv")) {
        options = CopyOptions.CSV;
      } else if (in.accept("binary")) {
        options = CopyOptions.BINARY;
      } else if (in.accept("header")) {
        options = options.withHeader(!list || flag());
      } else if (in.accept("delimiter")) {
        options = options.withDelimiter(character("delimiter"));
      } else if (in.accept("quote")) {
        options = options.withQuote(character("quote"));
      } else if (in.accept("escape")) {
        options = options.withEscape(character("escape"));
      } else if (in.accept("null")) {
        in.accept("as");
        options = options.withNullText(in.text());
      } else if (in.accept("encoding")) {
        requireUtf8(word());
      } else if (in.accept("force_quote")) {
        options = options.withForcedQuotes(forced());
      } else if (in.accept("freeze")) {
        flag();
      } else {
        throw in.syntaxError();
      }
    }
    return options;
  }

  /// `*`, or the names of columns.
  private Optional<List<String>> forced() throws ServerError {
    if (in.acceptSymbol('*')) {
      return Optional.empty();
    }
    var names = new java.util.ArrayList<String>();
    boolean open = in.acceptSymbol('(');
    do {
      names.add(in.name());
    } while (in.acceptSymbol(','));
    if (open && !in.acceptSymbol(')')) {
      throw in.syntaxError();
    }
    return Optional.of(names);
  }

  private static void requireUtf8(String encoding) throws ServerError {
    if (!encoding.replaceAll("[^A-Za-z0-9]", "").equalsIgnoreCase("utf8")) {
      throw ServerError.error(
          SqlState.FEATURE_NOT_SUPPORTED, "this node writes no encoding but UTF8");
    }
  }

  /// Quoted or not.
  private String word() throws ServerError {
    return in.peek() instanceof Token.Text ? in.text() : in.name();
  }

  private boolean flag() throws ServerError {
    if (in.peek() instanceof Token.Numeral number) {
      in.skip();
      return !number.digits().equals("0");
    } else if (in.peek() instanceof Token.Text || in.peek() instanceof Token.Word) {
      String said = word();
      return !said.equalsIgnoreCase("false") && !said.equalsIgnoreCase("off");
    }
    return true;
  }

  private char character(String option) throws ServerError {
    in.accept("as");
    String text = in.text();
    if (text.length() != 1 || text.charAt(0) > 127) {
      throw ServerError.error(
          SqlState.FEATURE_NOT_SUPPORTED,
          "COPY %s must be a single one-byte character".formatted(option));
    }
    return text.charAt(0);
  }
}
