package org.walstream.cli.manual;

import java.time.LocalDate;
import org.walstream.node.config.Parameter;
import org.walstream.node.config.Parameter.Group;
import org.walstream.node.config.Parameters;

/// The manual page of a node's configuration, `walstream.conf(5)`: every parameter with its default
/// and when a change takes effect.
public final class ConfigurationPage {

  private ConfigurationPage() {}

  public static String text(String program, LocalDate date) {
    var page = new Mdoc("walstream.conf", 5, date, program, "configuration of a node of Walstream");
    page.heading("DESCRIPTION")
        .text(
            "The syntax is that of postgresql.conf: a parameter a line, name = value, strings in"
                + " single quotes, units such as 16MB or 5min, include, include_if_exists and"
                + " include_dir.")
        .text("Names without walstream. in front mean what they mean in PostgreSQL.")
        .text("What PostgreSQL knows beyond these is passed over, and that is told.");
    page.heading("PARAMETERS");
    for (Group group : Group.values()) {
      page.subheading(group.title()).beginList();
      for (Parameter<?> parameter : Parameters.ALL) {
        if (parameter.group() == group) {
          parameter(parameter, page);
        }
      }
      page.endList();
    }
    page.heading("EXAMPLES")
        .literal(
            """
            listen_addresses = '*'
            primary_conninfo = 'host=primary user=repl'
            primary_slot_name = 'relay'\
            """);
    return page.heading("SEE ALSO")
        .line(".Xr walstream-init 1 ,")
        .line(".Xr walstream-reload 1 ,")
        .line(".Xr walstream-run 1")
        .text();
  }

  private static <T> void parameter(Parameter<T> parameter, Mdoc page) {
    String value = parameter.kind().show(parameter.defaultValue());
    String shown = parameter.kind().quoted() ? "'" + value + "'" : value;
    page.line(".It Cm " + parameter.name()).text(Mdoc.sentence(parameter.description()));
    page.line("Default: " + Mdoc.literalWords(shown) + ".");
    if (parameter.takes() == Parameter.Takes.RESTART) {
      page.line("A change takes effect with a restart.");
    }
  }
}
