package org.walstream.observe.sql.dialect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.send.SqlType;

/// The columns that a SELECT can name: those of each item of its FROM, and of the queries around
/// it.
final class Scope {

  /// A column, and its type as far as it is known.
  record Typed(String name, Optional<SqlType> type) {}

  private final @Nullable Scope around;
  private final Map<String, List<Typed>> items = new LinkedHashMap<>();

  Scope(@Nullable Scope around) {
    this.around = around;
  }

  @Nullable Scope around() {
    return around;
  }

  /// @param name what its columns are qualified by; empty if by nothing
  void add(String name, List<Typed> columns) {
    items.put(name.isEmpty() ? "\0" + items.size() : name, columns);
  }

  /// @return empty if no column is called so here; a column without a type if that is not known
  Optional<Typed> column(String name) {
    for (List<Typed> columns : items.values()) {
      Optional<Typed> found = find(columns, name);
      if (found.isPresent()) {
        return found;
      }
    }
    return around == null ? Optional.empty() : around.column(name);
  }

  Optional<Typed> column(String item, String name) {
    List<Typed> columns = items.get(item);
    if (columns != null) {
      return find(columns, name);
    }
    return around == null ? Optional.empty() : around.column(item, name);
  }

  private static Optional<Typed> find(List<Typed> columns, String name) {
    return columns.stream().filter(column -> column.name().equals(name)).findFirst();
  }

  /// What `*` stands for.
  List<Typed> all() {
    var all = new ArrayList<Typed>();
    items.values().forEach(all::addAll);
    return all;
  }

  /// What `item.*` stands for.
  List<Typed> all(String item) {
    List<Typed> columns = items.get(item);
    return columns != null || around == null
        ? java.util.Objects.requireNonNullElse(columns, List.of())
        : around.all(item);
  }
}
