package org.walstream.testkit.file;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What has happened to the names in a directory since it was forced. Each change is there or not
/// after a loss of power; a renaming is one.
final class UnforcedNames {

  /// @param node what has that name now; null when the name has been taken away
  private record Change(String name, @Nullable UnforcedNode node) {}

  /// What the names that have changed were before; null is nothing.
  private final Map<String, @Nullable UnforcedNode> forced = new HashMap<>();

  private final List<Change> changes = new ArrayList<>();

  /// @param before what had that name
  /// @param after what has it now
  void change(String name, @Nullable UnforcedNode before, @Nullable UnforcedNode after) {
    if (!forced.containsKey(name)) {
      forced.put(name, before);
    }
    changes.add(new Change(name, after));
  }

  /// @param node what was called `from`
  /// @param displaced what was called `to`
  void rename(String from, String to, UnforcedNode node, @Nullable UnforcedNode displaced) {
    if (!forced.containsKey(from)) {
      forced.put(from, node);
    }
    change(to, displaced, node);
  }

  void force() {
    forced.clear();
    changes.clear();
  }

  boolean isForced() {
    return changes.isEmpty();
  }

  /// The names that have changed, each with what it leads to when `arrives` has said of each
  /// change, in order, whether it is there.
  Map<String, @Nullable UnforcedNode> survivors(BooleanSupplier arrives) {
    Map<String, @Nullable UnforcedNode> names = new HashMap<>(forced);
    for (Change change : changes) {
      if (!arrives.getAsBoolean()) {
        continue;
      }
      if (change.node != null) {
        names.replaceAll((_, node) -> node == change.node ? null : node);
      }
      names.put(change.name, change.node);
    }
    return names;
  }
}
