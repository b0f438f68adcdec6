package org.walstream.cli.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Option;
import org.walstream.node.config.Parameter;
import org.walstream.node.config.Parameters;

class ManualPagesTest {

  private static final LocalDate DATE = LocalDate.of(2026, 11, 7);

  private static final DocumentedCommand KEEP =
      new DocumentedCommand(
          "keep it",
          CommandTable.of("keep", "[OPTION]... FILE")
              .standsFor("pg_keep", "keeps it.")
              .about("Keeps it. All of it, in\na directory.")
              .example("walstream keep -D 'dir' --no-sync")
              .section(
                  "Options",
                  Option.value('D', "directory", "OLD DIR", "where to"),
                  Option.optionalValue('z', "stats", "record", ".hidden 'or' \\not"),
                  Option.flag("no-sync", "do not wait (at all)"))
              .footer("That is all.")
              .build());

  @Test
  void aCommandHasAPage() {
    assertThat(CommandPage.text(KEEP, "Walstream 1", DATE))
        .isEqualTo(
            """
            .Dd November 7, 2026
            .Dt WALSTREAM-KEEP 1
            .Os Walstream 1
            .Sh NAME
            .Nm walstream-keep
            .Nd keep it
            .Sh SYNOPSIS
            .Nm walstream keep
            [OPTION]... FILE
            .Nm pg_keep
            [OPTION]... FILE
            .Sh DESCRIPTION
            Keeps it.
            All of it, in a directory.
            .Pp
            Called through a link named pg_keep it is that tool.
            .Ss Options
            .Bl -tag -width Ds
            .It Fl D , Fl \\-directory Ns = Ns Ar "OLD DIR"
            Where to.
            .It Fl z , Fl \\-stats Ns Oo = Ns Ar record Oc
            \\&.hidden 'or' \\enot.
            .It Fl \\-no\\-sync
            Do not wait (at all).
            .El
            .Pp
            That is all.
            .Sh EXIT STATUS
            0 after success, 1 after a failure, which is told.
            .Sh EXAMPLES
            .Bd -literal -offset indent
            walstream keep \\-D 'dir' \\-\\-no\\-sync
            .Ed
            .Sh SEE ALSO
            .Xr walstream 1
            """);
  }

  @Test
  void theConfigurationHasEveryParameter() {
    String page = ConfigurationPage.text("Walstream 1", DATE);
    for (Parameter<?> parameter : Parameters.ALL) {
      assertThat(page).contains(".It Cm " + parameter.name() + "\n");
    }
    assertThat(page).contains("A change takes effect with a restart.\n");
  }

  @Test
  void usersHaveTheFlagsOfTheCommandThatMakesThem() {
    String page = UsersPage.text(KEEP.table(), "Walstream 1", DATE);
    assertThat(page).contains(".It Cm no-sync\ndo not wait (at all).\n").doesNotContain("stats");
  }

  @Test
  void pagesHoldNothingThatTheLanguageDoesNotKnow() {
    var macros =
        Set.of(
            "Dd", "Dt", "Os", "Sh", "Ss", "Nm", "Nd", "Ar", "Op", "Pp", "Bl", "El", "It", "Bd",
            "Ed", "Xr");
    for (String page :
        List.of(
            CommandPage.text(KEEP, "Walstream 1", DATE),
            OverviewPage.text(List.of(KEEP), "Walstream 1", DATE),
            ConfigurationPage.text("Walstream 1", DATE),
            UsersPage.text(KEEP.table(), "Walstream 1", DATE))) {
      assertThat(page.lines())
          .noneMatch(String::isBlank)
          .noneMatch(line -> line.startsWith("'"))
          .allSatisfy(line -> {
            if (line.startsWith(".")) {
              assertThat(macros).contains(line.substring(1).split(" ")[0]);
            }
          });
    }
  }
}
