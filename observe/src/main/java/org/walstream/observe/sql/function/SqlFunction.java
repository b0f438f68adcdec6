package org.walstream.observe.sql.function;

import java.util.List;
import org.walstream.send.RowSet.Column;
import org.walstream.send.SqlType;

/// A function of PostgreSQL's that the engine lacks, and the Java method that does it.
///
/// @param method as the engine calls it: class and name
/// @param returns the type of its result; for one that returns a table, of its only column, or a
///   record of several
/// @param parameters their types, as far as there are; more may be given
/// @param columns those of a table it returns; empty for a single value
public record SqlFunction(
    String name, String method, SqlType returns, List<SqlType> parameters, List<Column> columns) {

  public static final String PREFIX = "walstream$";

  public SqlFunction {
    parameters = List.copyOf(parameters);
    columns = List.copyOf(columns);
  }

  /// What the engine calls it: it has functions of its own that must not be met.
  public String alias() {
    return PREFIX + name;
  }

  public boolean returnsTable() {
    return !columns.isEmpty();
  }

  static SqlFunction scalar(
      Class<?> in, String name, String method, SqlType returns, SqlType... parameters) {
    return new SqlFunction(
        name, in.getName() + "." + method, returns, List.of(parameters), List.of());
  }
}
