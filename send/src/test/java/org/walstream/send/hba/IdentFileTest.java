package org.walstream.send.hba;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentFileTest {

  @TempDir Path directory;

  private IdentFile read(String text) throws Exception {
    return IdentFile.read(Files.writeString(directory.resolve("pg_ident.conf"), text));
  }

  private static Connection as(String user) {
    return new Connection(
        Optional.empty(), Optional::empty, false, user, Set.of(user, "pg_monitor"), "d", false);
  }

  @ParameterizedTest
  @CsvSource({
    // map, whom the system knows, who it wants to be
    "m, root, postgres, true",
    "m, root, rep, true",
    "m, root, other, false",
    "m, Root, postgres, false",
    "none, root, postgres, false",
    "mail, a@example.com, a, true",
    "mail, a@example.com, b, false",
    "mail, a@example.org, a, false",
    "every, x, anyone, true",
    "group, x, u, true",
    "some, x, rep17, true",
    "some, x, rep, false",
    "quoted, x, all, true",
    "quoted, x, u, false",
    "broken, x, u, false"
  })
  void linesAllow(String map, String system, String user, boolean allowed) throws Exception {
    var ident =
        read(
            """
            m       root                    postgres
            m       root                    rep
            mail    /^(.*)@example\\.com$    \\1
            every   x                       all
            group   x                       +pg_monitor
            some    x                       /^rep[0-9]+$
            quoted  x                       "all"
            broken  /^x$                    \\1
            broken  x                       u
            """);
    assertThat(ident.allows(map, system, as(user))).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "m x | missing entry at end of line",
        "m x,y u | multiple values in ident field",
        "m /( u | invalid regular expression \"(\": Unclosed group"
      })
  void whatIsWrongIsNamed(String line, String message) {
    assertThatThrownBy(() -> read(line + "\n"))
        .isInstanceOf(HbaException.class)
        .hasMessageStartingWith(message + " (line 1 of configuration file ");
  }

  @Test
  void fileNeedNotBeThere() throws Exception {
    assertThat(IdentFile.read(directory.resolve("none")).lines()).isEmpty();
  }
}
