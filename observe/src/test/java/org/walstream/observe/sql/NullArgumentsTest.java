package org.walstream.observe.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.observe.sql.function.Functions;
import org.walstream.observe.sql.function.SqlFunction;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;

/// Whatever is NULL among a function's arguments, it has an answer or a refusal of PostgreSQL's.
@Timeout(600)
class NullArgumentsTest {

  private static final int MOST_ARGUMENTS = 5;

  @TempDir Path directory;

  @Test
  void noFunctionFailsOnNull() throws Exception {
    var failed = new ArrayList<String>();
    try (var node = new Asked(directory)) {
      for (SqlFunction function : Functions.all()) {
        if (!function.name().startsWith("$")) {
          for (int count = 1; count <= MOST_ARGUMENTS; count++) {
            String nulls = String.join(", ", Collections.nCopies(count, "NULL"));
            for (String query : List.of("SELECT %s(%s)", "SELECT * FROM %s(%s)")) {
              String asked = query.formatted(function.name(), nulls);
              try {
                node.rows(asked, node.session("super"));
              } catch (ServerError e) {
                if (e.diagnostic().sqlState().equals(SqlState.INTERNAL_ERROR)) {
                  failed.add(asked + ": " + e.getMessage());
                }
              }
            }
          }
        }
      }
    }
    assertThat(failed).isEmpty();
  }
}
