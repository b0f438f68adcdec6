package org.walstream.cli.manual;

import java.time.LocalDate;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Option;

/// The manual page of a command, `walstream-NAME(1)`.
public final class CommandPage {

  private CommandPage() {}

  /// The name of the page's file, without its section.
  public static String name(DocumentedCommand command) {
    return "walstream-" + command.name();
  }

  public static String text(DocumentedCommand command, String program, LocalDate date) {
    CommandTable table = command.table();
    var page = new Mdoc(name(command), 1, date, program, command.summary());
    page.heading("SYNOPSIS").line(".Nm walstream " + table.name());
    if (!table.operands().isEmpty()) {
      page.line(Mdoc.words(table.operands()));
    }
    CommandTable.Tool tool = table.tool();
    if (tool != null) {
      page.line(".Nm " + tool.name()).line(Mdoc.words(table.operands()));
    }
    page.heading("DESCRIPTION").text(table.about());
    if (tool != null) {
      page.paragraph();
      page.text("Called through a link named %s it is that tool.".formatted(tool.name()));
    }
    for (CommandTable.Section section : table.sections()) {
      page.subheading(section.title()).beginList();
      section.options().forEach(option -> option(option, page));
      page.endList();
    }
    if (!table.footer().isEmpty()) {
      page.paragraph().text(table.footer());
    }
    page.heading("EXIT STATUS").text("0 after success, 1 after a failure, which is told.");
    page.heading("EXAMPLES").literal(table.example());
    page.heading("SEE ALSO").line(".Xr walstream 1");
    return page.text();
  }

  private static void option(Option option, Mdoc page) {
    var head = new StringBuilder(".It ");
    if (option.hasLetter()) {
      head.append("Fl ").append(Mdoc.literalWords(String.valueOf(option.letter()))).append(" , ");
    }
    head.append("Fl ").append(Mdoc.literalWords("-" + option.name()));
    switch (option.argument()) {
      case NONE -> {}
      case REQUIRED -> head.append(" Ns = Ns Ar ").append(Mdoc.argument(option.label()));
      case OPTIONAL ->
          head.append(" Ns Oo = Ns Ar ").append(Mdoc.argument(option.label())).append(" Oc");
    }
    page.line(head.toString()).text(Mdoc.sentence(option.help()));
  }
}
