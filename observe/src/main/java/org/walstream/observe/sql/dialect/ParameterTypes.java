package org.walstream.observe.sql.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.JdbcParameter;
import org.walstream.send.SqlType;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// What types the parameters of a query have: what the client says when it has the query read, or
/// what the first use of one tells, as for texts in quotes.
///
/// ```
/// pid = $1            the type of pid
/// name = ANY ($1)     an array of names
/// $1::int[]           what the cast says
/// LIMIT $1            int8
/// ```
final class ParameterTypes {

  /// As many as a Bind message can count.
  private static final int COUNT_MAX = 0xFFFF;

  /// PostgreSQL's type of what is in quotes, and of NULL.
  static final int UNKNOWN = 705;

  private final List<Integer> oids;
  private int count;
  private boolean found;

  /// @param given OIDs of the first parameters' types; 0 for one that is to be found out
  ParameterTypes(List<Integer> given) {
    this.oids = new ArrayList<>(given);
    this.oids.replaceAll(oid -> oid == UNKNOWN ? 0 : oid);
  }

  /// How many the query has.
  int count() {
    return count;
  }

  /// As many as there are; 0 where nothing tells.
  List<Integer> oids() {
    while (oids.size() < count) {
      oids.add(0);
    }
    return List.copyOf(oids.subList(0, count));
  }

  /// Whether a type has been found out since this was asked last.
  boolean haveBeenFound() {
    boolean before = found;
    found = false;
    return before;
  }

  /// Texts of all kinds are one: what a client says of a text is the first thing at hand.
  Optional<SqlType> of(JdbcParameter parameter) {
    int number = number(parameter);
    return number > oids.size()
        ? Optional.empty()
        : SqlType.of(oids.get(number - 1))
            .map(type -> type == SqlType.VARCHAR || type == SqlType.BPCHAR ? SqlType.TEXT : type);
  }

  /// The parameter is used as a value of this type: it is of that, unless more is known.
  void note(Expression expression, Optional<SqlType> type) {
    if (expression instanceof JdbcParameter parameter && type.isPresent()) {
      int number = number(parameter);
      while (oids.size() < number) {
        oids.add(0);
      }
      if (oids.get(number - 1) == 0) {
        oids.set(number - 1, type.get().oid());
        found = true;
      }
    }
  }

  /// Its number, one that a Bind message could give a value to.
  int number(JdbcParameter parameter) {
    int number = parameter.getIndex();
    if (number < 1 || number > COUNT_MAX) {
      throw new RefusedQueryException(
          ServerError.error(SqlState.UNDEFINED_PARAMETER, "there is no parameter $" + number),
          "$" + number);
    }
    count = Math.max(count, number);
    return number;
  }
}
