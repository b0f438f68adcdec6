package org.walstream.send.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.walstream.send.sql.Statement.TransactionModes;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Takes a query string apart into statements, and reads those that concern the session: settings,
/// transactions, cursors, COPY. Every other is a query, which is the engine's to read.
///
/// Source: PostgreSQL manual, "SQL Commands".
final class StatementParser {

  private static final TransactionModes DEFAULT_MODES =
      new TransactionModes(Optional.empty(), false);

  private final String sql;
  private final List<Token> tokens;
  private final Token end;
  private int at;

  private StatementParser(String sql, List<Token> tokens) {
    this.sql = sql;
    this.tokens = tokens;
    this.end = new Token.End(tokens.getLast().end());
  }

  /// The statements of a query string, separated by semicolons; those that are empty do not count.
  static List<Statement> parse(String sql) throws ServerError {
    var statements = new ArrayList<Statement>();
    var one = new ArrayList<Token>();
    for (Token token : Tokens.of(sql)) {
      if (token instanceof Token.Symbol(char symbol, int start, int end) && symbol == ';') {
        addStatement(sql, one, statements);
      } else {
        one.add(token);
      }
    }
    addStatement(sql, one, statements);
    return statements;
  }

  private static void addStatement(String sql, List<Token> tokens, List<Statement> statements)
      throws ServerError {
    if (!tokens.isEmpty()) {
      var parser = new StatementParser(sql, List.copyOf(tokens));
      Statement statement = parser.statement();
      if (!parser.atEnd()) {
        throw parser.syntaxError();
      }
      statements.add(statement);
      tokens.clear();
    }
  }

  private Statement statement() throws ServerError {
    if (accept("show")) {
      return new Statement.Show(accept("all") ? "all" : shown());
    } else if (accept("set")) {
      return set();
    } else if (accept("reset")) {
      return new Statement.Reset(accept("all") ? Optional.empty() : Optional.of(shown()));
    } else if (accept("discard")) {
      return new Statement.Discard(oneOf("all", "plans", "sequences", "temp", "temporary"));
    } else if (accept("deallocate")) {
      accept("prepare");
      return new Statement.Deallocate(accept("all") ? Optional.empty() : Optional.of(name()));
    } else if (accept("listen")) {
      return new Statement.Listen(name());
    } else if (accept("unlisten")) {
      return new Statement.Unlisten(acceptSymbol('*') ? Optional.empty() : Optional.of(name()));
    } else if (accept("notify")) {
      var notify = new Statement.Notify(name());
      if (acceptSymbol(',')) {
        text();
      }
      return notify;
    } else if (accept("copy")) {
      return new CopyParser(this).statement();
    } else if (accept("checkpoint")) {
      return new Statement.Checkpoint();
    }
    Optional<Statement> transaction = transaction();
    if (transaction.isPresent()) {
      return transaction.get();
    }
    Optional<Statement> cursor = cursor();
    return cursor.isPresent() ? cursor.get() : query();
  }

  private Statement.Query query() {
    int start = peek().start();
    at = tokens.size();
    return new Statement.Query(sql.substring(start, end.start()), start);
  }

  // Transactions

  private Optional<Statement> transaction() throws ServerError {
    if (accept("begin")) {
      acceptOneOf("work", "transaction");
      return Optional.of(new Statement.Begin("BEGIN", modes()));
    } else if (accept("start")) {
      expect("transaction");
      return Optional.of(new Statement.Begin("START TRANSACTION", modes()));
    } else if (acceptOneOf("commit", "end")) {
      acceptOneOf("work", "transaction");
      return Optional.of(new Statement.EndTransaction(true, chain()));
    } else if (accept("abort")) {
      acceptOneOf("work", "transaction");
      return Optional.of(new Statement.EndTransaction(false, chain()));
    } else if (accept("rollback")) {
      acceptOneOf("work", "transaction");
      if (accept("to")) {
        accept("savepoint");
        return Optional.of(new Statement.RollbackTo(name()));
      }
      return Optional.of(new Statement.EndTransaction(false, chain()));
    } else if (accept("savepoint")) {
      return Optional.of(new Statement.Savepoint(name()));
    } else if (accept("release")) {
      accept("savepoint");
      return Optional.of(new Statement.Release(name()));
    }
    return Optional.empty();
  }

  private boolean chain() throws ServerError {
    if (!accept("and")) {
      return false;
    }
    boolean not = accept("no");
    expect("chain");
    return !not;
  }

  private TransactionModes modes() throws ServerError {
    TransactionModes modes = DEFAULT_MODES;
    while (!atEnd()) {
      acceptSymbol(',');
      if (accept("isolation")) {
        expect("level");
        modes = new TransactionModes(Optional.of(isolation()), modes.readWrite());
      } else if (accept("read")) {
        modes = new TransactionModes(modes.isolation(), oneOf("only", "write").equals("write"));
      } else {
        accept("not");
        expect("deferrable");
      }
    }
    return modes;
  }

  private String isolation() throws ServerError {
    if (accept("serializable")) {
      return "serializable";
    } else if (accept("repeatable")) {
      expect("read");
      return "repeatable read";
    }
    expect("read");
    return "read " + oneOf("committed", "uncommitted");
  }

  // Cursors and COPY

  private Optional<Statement> cursor() throws ServerError {
    if (accept("declare")) {
      return Optional.of(declare());
    } else if (accept("fetch")) {
      return Optional.of(fetch(false));
    } else if (accept("move")) {
      return Optional.of(fetch(true));
    } else if (accept("close")) {
      return Optional.of(
          new Statement.CloseCursor(accept("all") ? Optional.empty() : Optional.of(name())));
    }
    return Optional.empty();
  }

  private Statement declare() throws ServerError {
    String name = name();
    while (acceptOneOf("binary", "asensitive", "insensitive", "no", "scroll")) {
      // one that can only go forward is all of these
    }
    expect("cursor");
    boolean hold = accept("with");
    if (hold || accept("without")) {
      expect("hold");
    }
    expect("for");
    return new Statement.Declare(name, hold, query());
  }

  private Statement fetch(boolean move) throws ServerError {
    long rows = 1;
    if (acceptOneOf("next", "forward") && peek() instanceof Token.Numeral numeral) {
      rows = count(numeral);
    } else if (peek() instanceof Token.Numeral numeral) {
      rows = count(numeral);
    } else if (accept("all")) {
      rows = Long.MAX_VALUE;
    } else if (acceptOneOf("prior", "first", "last", "absolute", "relative", "backward")) {
      throw ServerError.error(
              SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "cursor can only scan forward")
          .withHint("Declare it with SCROLL option to enable backward scan.");
    }
    acceptOneOf("from", "in");
    return new Statement.Fetch(name(), rows, move);
  }

  private long count(Token.Numeral numeral) throws ServerError {
    if (numeral.digits().length() > 18) {
      throw syntaxError();
    }
    at++;
    return Long.parseLong(numeral.digits());
  }

  // Settings

  /// `SET [SESSION | LOCAL] name {TO | =} {value, … | DEFAULT}` and its other forms
  private Statement set() throws ServerError {
    if (accept("transaction")) {
      return new Statement.SetTransaction(modes());
    }
    boolean local = accept("local");
    if (!local && accept("session")) {
      if (accept("characteristics")) {
        expect("as");
        expect("transaction");
        return characteristics();
      } else if (accept("authorization")) {
        return new Statement.Set("session_authorization", values(), local);
      }
    }
    if (accept("time")) {
      expect("zone");
      return new Statement.Set("timezone", accept("local") ? List.of() : values(), local);
    } else if (accept("names")) {
      return new Statement.Set("client_encoding", atEnd() ? List.of() : values(), local);
    } else if (peek() instanceof Token.Word role && role.is("role") && !followedByAssignment()) {
      at++;
      return new Statement.Set("role", values(), local);
    }
    String parameter = parameter();
    if (!accept("to")) {
      expectSymbol('=');
    }
    return new Statement.Set(parameter, values(), local);
  }

  private boolean followedByAssignment() {
    return at + 1 < tokens.size()
        && (tokens.get(at + 1) instanceof Token.Symbol
            || (tokens.get(at + 1) instanceof Token.Word to && to.is("to")));
  }

  private Statement characteristics() throws ServerError {
    TransactionModes modes = modes();
    if (modes.readWrite()) {
      return new Statement.Set("default_transaction_read_only", List.of("off"), false);
    }
    return modes.isolation().isPresent()
        ? new Statement.Set(
            "default_transaction_isolation", List.of(modes.isolation().get()), false)
        : new Statement.Set("default_transaction_read_only", List.of("on"), false);
  }

  private List<String> values() throws ServerError {
    if (accept("default")) {
      return List.of();
    }
    var values = new ArrayList<String>();
    do {
      boolean negative = acceptSymbol('-');
      switch (peek()) {
        case Token.Text text -> values.add(text.text());
        case Token.Numeral numeral -> values.add((negative ? "-" : "") + numeral.digits());
        case Token.Word word -> values.add(word.text());
        default -> throw syntaxError();
      }
      at++;
    } while (acceptSymbol(','));
    return values;
  }

  /// The name behind SHOW or RESET, which may consist of several words.
  private String shown() throws ServerError {
    if (accept("time")) {
      expect("zone");
      return "timezone";
    } else if (accept("transaction")) {
      expect("isolation");
      expect("level");
      return "transaction_isolation";
    } else if (accept("session")) {
      expect("authorization");
      return "session_authorization";
    }
    return parameter();
  }

  private String parameter() throws ServerError {
    var parameter = new StringBuilder(name());
    while (acceptSymbol('.')) {
      parameter.append('.').append(name());
    }
    return parameter.toString();
  }

  // Words

  String name() throws ServerError {
    if (peek() instanceof Token.Word word) {
      at++;
      return word.text();
    }
    throw syntaxError();
  }

  String text() throws ServerError {
    if (peek() instanceof Token.Text text) {
      at++;
      return text.text();
    }
    throw syntaxError();
  }

  /// The text of the query string from `start` to the token that is looked at.
  String textFrom(int start) {
    return sql.substring(start, at == 0 ? start : tokens.get(at - 1).end());
  }

  void skip() {
    at++;
  }

  Token peek() {
    return atEnd() ? end : tokens.get(at);
  }

  boolean atEnd() {
    return at >= tokens.size();
  }

  boolean accept(String keyword) {
    boolean found = peek() instanceof Token.Word word && word.is(keyword);
    at += found ? 1 : 0;
    return found;
  }

  boolean acceptOneOf(String... keywords) {
    for (String keyword : keywords) {
      if (accept(keyword)) {
        return true;
      }
    }
    return false;
  }

  private String oneOf(String... keywords) throws ServerError {
    if (!acceptOneOf(keywords)) {
      throw syntaxError();
    }
    return ((Token.Word) tokens.get(at - 1)).text();
  }

  boolean acceptSymbol(char symbol) {
    boolean found = peek() instanceof Token.Symbol found1 && found1.symbol() == symbol;
    at += found ? 1 : 0;
    return found;
  }

  void expect(String keyword) throws ServerError {
    if (!accept(keyword)) {
      throw syntaxError();
    }
  }

  private void expectSymbol(char symbol) throws ServerError {
    if (!acceptSymbol(symbol)) {
      throw syntaxError();
    }
  }

  ServerError syntaxError() {
    Token found = peek();
    String message =
        atEnd()
            ? "syntax error at end of input"
            : "syntax error at or near \"%s\"".formatted(sql.substring(found.start(), found.end()));
    return ServerError.error(SqlState.SYNTAX_ERROR, message)
        .at(sql.codePointCount(0, found.start()) + 1);
  }
}
