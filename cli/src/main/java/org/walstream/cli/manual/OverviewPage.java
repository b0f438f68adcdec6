package org.walstream.cli.manual;

import java.time.LocalDate;
import java.util.List;
import org.walstream.cli.line.CommandTable;

/// The manual page of the program, `walstream(1)`: its commands, and where to read on.
public final class OverviewPage {

  private OverviewPage() {}

  public static String text(List<DocumentedCommand> commands, String program, LocalDate date) {
    String summary = "receive, keep, relay and replay PostgreSQL's write-ahead log";
    var page = new Mdoc("walstream", 1, date, program, summary);
    page.heading("SYNOPSIS").line(".Nm").line(".Ar COMMAND").line(".Op Ar OPTION ...");
    page.heading("DESCRIPTION")
        .text("Speaks PostgreSQL's streaming replication protocol with real servers, 15 to 18.")
        .text("Each command has a page of its own.")
        .beginList();
    for (DocumentedCommand command : commands) {
      page.line(".It Xr " + CommandPage.name(command) + " 1").text(summary(command));
    }
    page.endList();
    page.heading("FILES")
        .text("The directory of a node, made by walstream init, holds")
        .beginList()
        .line(".It Pa walstream.conf")
        .text("its configuration, see walstream.conf(5),")
        .line(".It Pa pg_hba.conf")
        .text("who may connect, as in PostgreSQL,")
        .line(".It Pa users")
        .text("and their passwords, written by walstream passwd.")
        .endList();
    page.heading("EXIT STATUS").text("0 after success, 1 after a failure, which is told.");
    page.heading("SEE ALSO");
    commands.stream()
        .map(CommandPage::name)
        .sorted()
        .forEach(name -> page.line(".Xr " + name + " 1 ,"));
    return page.line(".Xr walstream.conf 5").text();
  }

  private static String summary(DocumentedCommand command) {
    CommandTable.Tool tool = command.table().tool();
    return command.summary() + (tool == null ? "" : " (" + tool.name() + ")");
  }
}
