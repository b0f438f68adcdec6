package org.walstream.send.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.walstream.send.RowSet.Column;

/// A view of PostgreSQL's catalog that a node has.
interface SystemView {

  String name();

  /// In the order of `SELECT *`.
  List<Column> columns();

  /// The rows of this moment, each as long as [#columns].
  List<List<@Nullable String>> rows(SqlSession session);
}
