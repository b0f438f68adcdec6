package org.walstream.observe.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.send.RowSet.Column;
import org.walstream.send.SqlType;
import org.walstream.send.sql.SqlCommands;

/// A cursor that SQL has declared is a portal to clients: psycopg 3 has it described before it
/// fetches.
class DescribedCursorTest {

  @Test
  void aCursorIsDescribedLikeAPortal(@TempDir Path directory) throws Exception {
    try (var node = new Asked(directory)) {
      var commands = new SqlCommands(node.engine, node.session(), () -> {});
      commands
          .prepare("DECLARE c CURSOR WITH HOLD FOR SELECT 1 AS a, 'x'::text AS b", List.of())
          .run(List.of());
      assertThat(commands.cursor("c"))
          .contains(List.of(new Column("a", SqlType.INT4), new Column("b", SqlType.TEXT)));
      assertThat(commands.cursor("x")).isEmpty();
      commands.prepare("CLOSE c", List.of()).run(List.of());
      assertThat(commands.cursor("c")).isEmpty();
      commands.close();
    }
  }
}
