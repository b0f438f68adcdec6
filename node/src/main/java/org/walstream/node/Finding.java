package org.walstream.node;

/// What a check has found, and what is to be done about it.
///
/// @param topic one word: `upstream`, `slot`, `disk`
/// @param advice what to do; empty where nothing is
public record Finding(Level level, String topic, String text, String advice) {

  /// How bad it is.
  public enum Level {
    OK,
    /// It could not be looked at, or is worth knowing.
    NOTE,
    /// It works, and will not always.
    WARNING,
    /// It does not work.
    ERROR
  }

  static Finding ok(String topic, String text) {
    return new Finding(Level.OK, topic, text, "");
  }

  static Finding note(String topic, String text) {
    return new Finding(Level.NOTE, topic, text, "");
  }

  static Finding warning(String topic, String text, String advice) {
    return new Finding(Level.WARNING, topic, text, advice);
  }

  static Finding error(String topic, String text, String advice) {
    return new Finding(Level.ERROR, topic, text, advice);
  }
}
