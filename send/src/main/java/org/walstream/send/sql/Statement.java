package org.walstream.send.sql;

import java.util.List;
import java.util.Optional;

/// A statement that a node understands.
sealed interface Statement {

  /// `SELECT * FROM view` or `SELECT column, … FROM view`.
  ///
  /// @param columns empty for all
  record SelectFrom(String view, List<String> columns) implements Statement {}

  /// `SELECT f(), 1, …`
  record SelectValues(List<Value> values) implements Statement {}

  record Show(String parameter) implements Statement {}

  /// @param values empty for DEFAULT
  record Set(String parameter, List<String> values) implements Statement {}

  /// `RESET name`, `RESET ALL`, `DISCARD ALL`.
  ///
  /// @param parameter empty for all
  /// @param tag what says that it is done
  record Reset(Optional<String> parameter, String tag) implements Statement {}

  /// One item of a SELECT without FROM.
  sealed interface Value {}

  record Call(String function, List<String> arguments, String title) implements Value {}

  record Literal(String text, boolean number, String title) implements Value {}
}
