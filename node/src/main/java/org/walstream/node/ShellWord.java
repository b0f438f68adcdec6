package org.walstream.node;

/// A word of a command line that a person may copy into a shell, which must take it for one word.
/// Counterpart of appendShellString(), src/fe_utils/string_utils.c.
public final class ShellWord {

  private ShellWord() {}

  /// `word` as it is where a shell makes nothing of it, otherwise in single quotes.
  public static String quoted(String word) {
    return word.matches("[\\p{L}\\p{N}_/.:-]+") && !word.startsWith("-")
        ? word
        : "'" + word.replace("'", "'\"'\"'") + "'";
  }
}
