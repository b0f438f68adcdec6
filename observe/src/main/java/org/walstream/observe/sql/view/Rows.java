package org.walstream.observe.sql.view;

import java.util.List;
import org.walstream.observe.sql.context.QueryContext;

/// Where the rows of a relation come from.
interface Rows {

  /// Those of this moment.
  List<Row> of(QueryContext context);
}
