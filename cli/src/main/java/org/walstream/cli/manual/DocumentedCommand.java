package org.walstream.cli.manual;

import org.walstream.cli.line.CommandTable;

/// A command as manuals and shells show it.
///
/// @param summary one line, lower case, no full stop
public record DocumentedCommand(String summary, CommandTable table) {

  public String name() {
    return table.name();
  }
}
