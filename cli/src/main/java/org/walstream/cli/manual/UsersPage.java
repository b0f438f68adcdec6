package org.walstream.cli.manual;

import java.time.LocalDate;
import java.util.Set;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Option;
import org.walstream.cli.line.Option.Argument;

/// The manual page of a node's file of users, `walstream-users(5)`.
public final class UsersPage {

  /// Flags of `walstream passwd` that are no attributes of a user.
  private static final Set<String> OTHERS = Set.of("no-password", "help", "version");

  private UsersPage() {}

  /// @param passwd the command that writes the file: its flags are the attributes
  public static String text(CommandTable passwd, String program, LocalDate date) {
    var page = new Mdoc("walstream-users", 5, date, program, "users of a node of Walstream");
    page.heading("DESCRIPTION")
        .text(
            "The file users in a node's directory has a user a line: name and secret in double"
                + " quotes, then attributes.")
        .text("Lines that begin with a semicolon or # are comments.")
        .text("The secret is SCRAM-SHA-256 or md5 as PostgreSQL keeps it, or empty.")
        .text("A password in clear is refused, and so is a file that others may read.");
    page.heading("ATTRIBUTES").beginList();
    for (Option option : passwd.options()) {
      if (option.argument() == Argument.NONE
          && !OTHERS.contains(option.name())
          && !takesBack(option, passwd)) {
        page.line(".It Cm " + option.name()).text(option.help() + ".");
      }
    }
    page.line(".It Cm valid until Ar 'TIME'").text("when the password expires.").endList();
    page.heading("EXAMPLES")
        .literal(
            """
            "standby" "SCRAM-SHA-256$4096:..." replication
            "agent" "SCRAM-SHA-256$4096:..." monitor valid until '2027-01-01 00:00:00+00'
            "local" "" superuser\
            """);
    return page.heading("SEE ALSO").line(".Xr walstream-passwd 1").text();
  }

  private static boolean takesBack(Option option, CommandTable passwd) {
    return passwd.options().stream().anyMatch(other -> option.name().equals("no-" + other.name()));
  }
}
