package org.walstream.redo.block;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.wal.rmgr.Rmgr;

@Timeout(600)
class GenericConsistencyIT {

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void bloom(int major) throws Exception {
    Consistency.holds(
        major,
        EnumSet.of(Rmgr.GENERIC),
        server -> server.sql("CREATE EXTENSION bloom"),
        server -> {
          server.sql("CREATE TABLE t (id int, v int) WITH (autovacuum_enabled = off)");
          server.sql("CREATE INDEX ON t USING bloom (id, v) WITH (length = 200)");
          server.sql("INSERT INTO t SELECT g, g % 7 FROM generate_series(1, 3000) g");
          server.sql("DELETE FROM t WHERE id % 3 = 0");
          server.sql("VACUUM t");
          server.sql("INSERT INTO t SELECT g, g % 5 FROM generate_series(3001, 4000) g");
        },
        Set.of("Generic/Generic block 0", "Generic/Generic block 1"));
  }
}
