package org.walstream.node.config;

import org.walstream.node.config.Parameter.Group;

/// The commented `walstream.conf` that `walstream init` writes: every parameter with its default,
/// made from the table.
public final class SampleFile {

  private static final int COMMENT_COLUMN = 44;

  private SampleFile() {}

  public static String text() {
    var text =
        new StringBuilder(
            """
            # Configuration of a Walstream node. The syntax is postgresql.conf's: name = value, strings in single
            # quotes, units like 16MB or 5min. Names without the prefix "walstream." mean what they mean in PostgreSQL.
            # A line that begins with "#" shows a default. `walstream reload` applies changes, but for those marked
            # (restart).
            """);
    for (Group group : Group.values()) {
      text.append("\n# ").append(group.title).append('\n');
      for (Parameter<?> parameter : Parameters.ALL) {
        if (parameter.group() == group) {
          text.append(line(parameter)).append('\n');
        }
      }
    }
    return text.toString();
  }

  private static <T> String line(Parameter<T> parameter) {
    String value = parameter.kind().show(parameter.defaultValue());
    String setting =
        "#" + parameter.name() + " = " + (parameter.kind().quoted() ? "'" + value + "'" : value);
    String restart = parameter.takes() == Parameter.Takes.RESTART ? " (restart)" : "";
    return setting
        + " ".repeat(Math.max(1, COMMENT_COLUMN - setting.length()))
        + "# "
        + parameter.description()
        + restart;
  }
}
