package org.walstream.send;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.walstream.send.guc.GucBoolean;

/// What is logged of a connection: the value of `log_connections`, in PostgreSQL 18's form, a list
/// of stages, or as before a Boolean value.
///
/// Counterpart of check_log_connections(), src/backend/tcop/backend_startup.c. Immutable.
///
/// @param text as it was written, for SHOW
public record ConnectionLog(String text, Set<Stage> stages) {

  /// One line for each.
  public enum Stage {
    /// Somebody has connected.
    RECEIPT,
    /// The client has proven who it is.
    AUTHENTICATION,
    /// The client may do what it wants to.
    AUTHORIZATION,
    /// How long all that took.
    SETUP_DURATIONS
  }

  public static final ConnectionLog OFF = new ConnectionLog("off", Set.of());

  public ConnectionLog {
    stages = Set.copyOf(stages);
  }

  /// Empty when the text is neither.
  public static Optional<ConnectionLog> parse(String text) {
    Optional<Boolean> flag = GucBoolean.parse(text);
    if (flag.isPresent()) {
      return Optional.of(
          new ConnectionLog(
              text,
              flag.get()
                  ? Set.of(Stage.RECEIPT, Stage.AUTHENTICATION, Stage.AUTHORIZATION)
                  : Set.of()));
    }
    var stages = EnumSet.noneOf(Stage.class);
    for (String word : text.isBlank() ? new String[0] : text.split(",", -1)) {
      String name = word.strip().toUpperCase(Locale.ROOT);
      if (name.equals("ALL")) {
        stages.addAll(EnumSet.allOf(Stage.class));
      } else if (isStage(name)) {
        stages.add(Stage.valueOf(name));
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(new ConnectionLog(text, stages));
  }

  private static boolean isStage(String name) {
    for (Stage stage : Stage.values()) {
      if (stage.name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  public boolean has(Stage stage) {
    return stages.contains(stage);
  }
}
