package org.walstream.observe.sql.dialect;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.sf.jsqlparser.parser.CCJSqlParser;
import net.sf.jsqlparser.parser.ParseException;
import net.sf.jsqlparser.parser.StringProvider;
import net.sf.jsqlparser.parser.Token;
import net.sf.jsqlparser.parser.TokenMgrException;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectVisitor;
import net.sf.jsqlparser.statement.select.WithItem;
import net.sf.jsqlparser.util.TablesNamesFinder;
import org.walstream.observe.sql.catalog.Catalog;
import org.walstream.observe.sql.catalog.Relation;
import org.walstream.observe.sql.dialect.Scope.Typed;
import org.walstream.send.SqlType;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Makes a query for the engine of one in PostgreSQL's dialect. Thread-safe.
public final class Translator {

  private static final int NESTING_MAX = 64;

  /// `exp(numeric)`, `LATERAL with several rows`
  private static final Pattern WORD = Pattern.compile("([a-z_0-9]+(?=\\()|[A-Z]{3,})");

  private final Catalog catalog;

  public Translator(Catalog catalog) {
    this.catalog = catalog;
  }

  /// What the parser makes of a text takes a thousand times its memory.
  private static final int TEXT_MAX = 32 << 10;

  /// @param sql one statement
  /// @param parameterTypes OIDs of the first parameters' types; 0 for one that is to be found out
  /// @throws ServerError if it is no query, or one of a kind that is not answered here
  public Translation translate(String sql, List<Integer> parameterTypes) throws ServerError {
    if (sql.length() > TEXT_MAX) {
      throw ServerError.error(
          SqlState.PROGRAM_LIMIT_EXCEEDED, "the query is too long for this node");
    }
    Optional<ServerError> refused = UtilityCommands.refused(sql);
    if (refused.isPresent()) {
      throw refused.get();
    }
    var parameters = new ParameterTypes(parameterTypes);
    Translation translation = translate(sql, parameters);
    // What was found out late is known from the beginning the second time.
    return parameters.haveBeenFound() ? translate(sql, parameters) : translation;
  }

  private Translation translate(String sql, ParameterTypes parameters) throws ServerError {
    Statement statement = parse(sql);
    if (!(statement instanceof Select select)) {
      throw UtilityCommands.inReadOnlyTransaction(command(sql));
    }
    Set<Relation> relations = relations(select);
    for (String view : ViewFunctions.viewsIn(sql.toLowerCase(Locale.ROOT))) {
      catalog.relation(view).ifPresent(relations::add);
    }
    CorrelatedRecursion.adapt(select);
    var types = new StaticTypes(catalog, relations, parameters);
    List<Optional<SqlType>> result;
    var expressions = new ExpressionWriter(types);
    var writer = new SelectWriter(expressions, types, catalog);
    try {
      result = types.columns(select).stream().map(Typed::type).toList();
      select.accept((SelectVisitor<StringBuilder>) writer, null);
    } catch (RefusedQueryException e) {
      throw e.errorIn(sql);
    } catch (ReadOnlyException e) {
      throw ServerError.error(SqlState.READ_ONLY_SQL_TRANSACTION, String.valueOf(e.getMessage()));
    } catch (UnsupportedOperationException e) {
      throw unsupported(sql, String.valueOf(e.getMessage()));
    }
    return new Translation(
        writer.getBuilder().toString(), relations, parameters.count(), parameters.oids(), result);
  }

  /// @param what begins with the word in the query that it is about, if there is one
  private static ServerError unsupported(String sql, String what) {
    var error =
        ServerError.error(SqlState.FEATURE_NOT_SUPPORTED, "not supported by this node: " + what);
    Matcher word = WORD.matcher(what);
    return word.lookingAt() ? error.at(NamePosition.in(sql, word.group(1))) : error;
  }

  private Set<Relation> relations(Select select) {
    var relations = new LinkedHashSet<Relation>();
    Set<String> withItems = new LinkedHashSet<>();
    if (select.getWithItemsList() != null) {
      for (WithItem<?> item : select.getWithItemsList()) {
        withItems.add(Identifiers.name(item.getAliasName()));
      }
    }
    for (String written : new TablesNamesFinder<Void>().getTables((Statement) select)) {
      int dot = written.lastIndexOf('.');
      String name = Identifiers.name(written.substring(dot + 1));
      if (dot > 0) {
        catalog
            .relation(Optional.of(Identifiers.name(written.substring(0, dot))), name)
            .ifPresent(relations::add);
      } else if (!withItems.contains(name)) {
        catalog.relation(name).ifPresent(relations::add);
      }
    }
    return relations;
  }

  static Statement parse(String sql) throws ServerError {
    var parser =
        new CCJSqlParser(new StringProvider(QueryText.simplified(sql)))
            .withSquareBracketQuotation(false)
            .withBackslashEscapeCharacter(false)
            .withDollarQuotedStringTags(true)
            .withAllowedNestingDepth(NESTING_MAX);
    try {
      return Optional.ofNullable(parser.Statement())
          .orElseThrow(() -> ServerError.error(SqlState.SYNTAX_ERROR, "syntax error"));
    } catch (ParseException e) {
      throw syntaxError(sql, e.currentToken == null ? null : e.currentToken.next);
    } catch (TokenMgrException e) {
      throw ServerError.error(SqlState.SYNTAX_ERROR, "syntax error");
    } catch (StackOverflowError e) {
      if (Brackets.areClosed(sql)) {
        throw e;
      }
      throw syntaxError(sql, null);
    }
  }

  private static ServerError syntaxError(
      String sql, @org.jspecify.annotations.Nullable Token token) {
    if (token == null || token.image.isEmpty()) {
      return ServerError.error(SqlState.SYNTAX_ERROR, "syntax error at end of input")
          .at(sql.codePointCount(0, sql.length()) + 1);
    }
    boolean moved = QueryText.simplified(sql).length() != sql.length();
    int start =
        Math.clamp(moved ? sql.indexOf(token.image) : token.absoluteBegin - 1L, 0, sql.length());
    return ServerError.error(
            SqlState.SYNTAX_ERROR, "syntax error at or near \"%s\"".formatted(token.image))
        .at(sql.codePointCount(0, start) + 1);
  }

  /// `INSERT`, `CREATE TABLE`: the words that name a statement.
  private static String command(String sql) {
    String[] words = sql.strip().toUpperCase(Locale.ROOT).split("[^A-Z]+", 3);
    boolean two = Set.of("CREATE", "ALTER", "DROP").contains(words[0]) && words.length > 1;
    return two ? words[0] + " " + words[1] : words[0];
  }
}
