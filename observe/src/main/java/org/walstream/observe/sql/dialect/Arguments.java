package org.walstream.observe.sql.dialect;

import java.util.AbstractList;
import java.util.List;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// What a function is called with. Who asks for an argument that is not there asks for a function
/// that does not exist, and that is what the client is told.
///
/// The parser has no list where there is nothing between the parentheses, and takes for a function
/// what in PostgreSQL's grammar is a clause.
final class Arguments extends AbstractList<Expression> {

  private final String function;
  private final List<? extends Expression> given;

  private Arguments(String function, List<? extends Expression> given) {
    this.function = function;
    this.given = given;
  }

  static Arguments of(Function function) {
    return new Arguments(
        function.getName(),
        function.getParameters() == null ? List.of() : function.getParameters());
  }

  /// Those with words between them too: `substring (x FROM 2)`.
  static Arguments ofAnyForm(Function function) {
    return function.getParameters() == null && function.getNamedParameters() != null
        ? new Arguments(function.getName(), function.getNamedParameters())
        : of(function);
  }

  /// Those of what is no function and must have some: `ROLLUP (…)`, `GROUPING (…)`.
  ///
  /// @throws RefusedQueryException if there are none
  static Arguments ofClause(Function clause) {
    Arguments arguments = of(clause);
    if (arguments.isEmpty()) {
      throw new RefusedQueryException(
          ServerError.error(SqlState.SYNTAX_ERROR, "syntax error at or near \")\""),
          clause.getName());
    }
    return arguments;
  }

  /// @throws RefusedQueryException if there are fewer
  @Override
  public Expression get(int index) {
    if (index >= given.size()) {
      throw tooFew(function, given.size());
    }
    return given.get(index);
  }

  @Override
  public Expression getFirst() {
    return get(0);
  }

  @Override
  public int size() {
    return given.size();
  }

  /// @param count how many there are
  static RefusedQueryException tooFew(String function, int count) {
    String call = count == 0 ? function + "()" : "%s with %d arguments".formatted(function, count);
    return new RefusedQueryException(
        ServerError.error(
            SqlState.UNDEFINED_FUNCTION, "function %s does not exist".formatted(call)),
        function);
  }
}
