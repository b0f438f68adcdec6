package org.walstream.observe.sql.view;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A row of a view: the values of its columns by name; those that are not there are NULL.
public record Row(Map<String, @Nullable Object> values) {

  /// An empty row, to be filled by [#with].
  static Row of(String column, @Nullable Object value) {
    return new Row(new LinkedHashMap<>()).with(column, value);
  }

  Row with(String column, @Nullable Object value) {
    values.put(column, value);
    return this;
  }
}
