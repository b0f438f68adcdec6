package org.walstream.send.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.walstream.send.sql.Statement.Call;
import org.walstream.send.sql.Statement.Literal;
import org.walstream.send.sql.Statement.Reset;
import org.walstream.send.sql.Statement.SelectFrom;
import org.walstream.send.sql.Statement.SelectValues;
import org.walstream.send.sql.Statement.Set;
import org.walstream.send.sql.Statement.Show;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Reads the few statements that a node answers. What does not fit is not called a syntax error,
/// since it may be good SQL: it is refused as unsupported.
final class StatementParser {

  private static final Token END = new Token.End();

  private final List<Token> tokens;
  private int at;

  private StatementParser(List<Token> tokens) {
    this.tokens = tokens;
  }

  /// The statements of a query string, separated by semicolons; those that are empty do not count.
  static List<Statement> parse(String sql) throws ServerError {
    var statements = new ArrayList<Statement>();
    var one = new ArrayList<Token>();
    for (Token token : Tokens.of(sql)) {
      if (token.equals(new Token.Symbol(';'))) {
        addStatement(one, statements);
      } else {
        one.add(token);
      }
    }
    addStatement(one, statements);
    return statements;
  }

  private static void addStatement(List<Token> tokens, List<Statement> statements)
      throws ServerError {
    if (!tokens.isEmpty()) {
      var parser = new StatementParser(List.copyOf(tokens));
      statements.add(parser.statement());
      if (!parser.peek().equals(END)) {
        throw unsupported();
      }
      tokens.clear();
    }
  }

  private Statement statement() throws ServerError {
    if (accept("select")) {
      return select();
    } else if (accept("show")) {
      return new Show(parameterOrZone());
    } else if (accept("set")) {
      return set();
    } else if (accept("reset")) {
      return new Reset(accept("all") ? Optional.empty() : Optional.of(parameterOrZone()), "RESET");
    } else if (accept("discard")) {
      expect("all");
      return new Reset(Optional.empty(), "DISCARD ALL");
    }
    throw unsupported();
  }

  private Statement select() throws ServerError {
    if (acceptSymbol('*')) {
      expect("from");
      return new SelectFrom(relation(), List.of());
    }
    int start = at;
    List<String> columns = columns();
    if (!columns.isEmpty() && accept("from")) {
      return new SelectFrom(relation(), columns);
    }
    at = start;
    var values = new ArrayList<Statement.Value>();
    do {
      values.add(value());
    } while (acceptSymbol(','));
    return new SelectValues(values);
  }

  /// A list of plain names; empty when it is something else.
  private List<String> columns() {
    var columns = new ArrayList<String>();
    do {
      Optional<String> name = name();
      if (name.isEmpty()) {
        return List.of();
      }
      columns.add(name.get());
    } while (acceptSymbol(','));
    return columns;
  }

  private String relation() throws ServerError {
    String name = qualifiedName();
    accept("as");
    name(); // an alias changes nothing, since columns are not qualified
    return name;
  }

  private Statement.Value value() throws ServerError {
    switch (peek()) {
      case Token.Numeral(String digits) when digits.length() < 10 -> { // as int4 certainly holds
        at++;
        return new Literal(digits, true, alias("?column?"));
      }
      case Token.Text(String text) -> {
        at++;
        return new Literal(text, false, alias("?column?"));
      }
      default -> {
        String function = qualifiedName();
        boolean bare = function.equals("current_user") || function.equals("session_user");
        List<String> arguments = bare ? List.of() : arguments();
        return new Call(function, arguments, alias(function));
      }
    }
  }

  private List<String> arguments() throws ServerError {
    expectSymbol('(');
    var arguments = new ArrayList<String>();
    while (!acceptSymbol(')')) {
      switch (peek()) {
        case Token.Text(String text) -> arguments.add(text);
        case Token.Numeral(String digits) -> arguments.add(digits);
        case Token.Word word when !word.quoted() -> arguments.add(word.text());
        default -> throw unsupported();
      }
      at++;
      if (!peek().equals(new Token.Symbol(')'))) {
        expectSymbol(',');
      }
    }
    return arguments;
  }

  private String alias(String otherwise) throws ServerError {
    if (accept("as")) {
      return name().orElseThrow(StatementParser::unsupported);
    }
    return name().orElse(otherwise);
  }

  /// `SET [SESSION] name {TO|=} {value, … | DEFAULT}`
  private Statement set() throws ServerError {
    accept("session");
    if (accept("time")) {
      expect("zone");
      return new Set("timezone", accept("local") ? List.of() : values());
    } else if (accept("names")) {
      return new Set("client_encoding", peek().equals(END) ? List.of() : values());
    }
    String parameter = parameter();
    if (!accept("to")) {
      expectSymbol('=');
    }
    return new Set(parameter, values());
  }

  private List<String> values() throws ServerError {
    if (accept("default")) {
      return List.of();
    }
    var values = new ArrayList<String>();
    do {
      boolean negative = acceptSymbol('-');
      switch (peek()) {
        case Token.Text(String text) -> values.add(text);
        case Token.Numeral(String digits) -> values.add((negative ? "-" : "") + digits);
        case Token.Word(String text, boolean quoted) -> values.add(text);
        default -> throw unsupported();
      }
      at++;
    } while (acceptSymbol(','));
    return values;
  }

  private String parameterOrZone() throws ServerError {
    return accept("time") && accept("zone") ? "timezone" : parameter();
  }

  private String parameter() throws ServerError {
    var parameter = new StringBuilder(name().orElseThrow(StatementParser::unsupported));
    while (acceptSymbol('.')) {
      parameter.append('.').append(name().orElseThrow(StatementParser::unsupported));
    }
    return parameter.toString();
  }

  /// A name, which may be qualified with the only schema there is.
  private String qualifiedName() throws ServerError {
    String name = name().orElseThrow(StatementParser::unsupported);
    if (acceptSymbol('.')) {
      if (!name.equals("pg_catalog")) {
        throw unsupported();
      }
      return name().orElseThrow(StatementParser::unsupported);
    }
    return name;
  }

  private Optional<String> name() {
    if (peek() instanceof Token.Word word && (word.quoted() || !word.is("from"))) {
      at++;
      return Optional.of(word.text());
    }
    return Optional.empty();
  }

  private Token peek() {
    return at < tokens.size() ? tokens.get(at) : END;
  }

  private boolean accept(String keyword) {
    boolean found = peek() instanceof Token.Word word && word.is(keyword);
    at += found ? 1 : 0;
    return found;
  }

  private boolean acceptSymbol(char symbol) {
    boolean found = peek().equals(new Token.Symbol(symbol));
    at += found ? 1 : 0;
    return found;
  }

  private void expect(String keyword) throws ServerError {
    if (!accept(keyword)) {
      throw unsupported();
    }
  }

  private void expectSymbol(char symbol) throws ServerError {
    if (!acceptSymbol(symbol)) {
      throw unsupported();
    }
  }

  static ServerError unsupported() {
    return ServerError.error(
            SqlState.FEATURE_NOT_SUPPORTED, "this node answers only a few statements, and not this")
        .withHint(
            "Try SELECT * FROM pg_stat_replication, pg_stat_wal_receiver or pg_replication_slots;"
                + " SELECT pg_last_wal_receive_lsn(), pg_current_wal_flush_lsn(),"
                + " pg_is_in_recovery() or version(); SHOW name.");
  }
}
