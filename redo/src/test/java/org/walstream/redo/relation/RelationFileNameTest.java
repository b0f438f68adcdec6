package org.walstream.redo.relation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.wal.WalFormat;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.record.RelFileLocator;

class RelationFileNameTest {

  @ParameterizedTest
  @ValueSource(strings = {"1", "1234.1", "1234_fsm", "1234_vm.12", "4294967295_init"})
  void readsNamesAndWritesThemBack(String name) {
    assertThat(RelationFileName.parse(name)).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "01",
        "PG_VERSION",
        "pg_filenode.map",
        "pg_internal.init",
        "t3_16384",
        "1234.0",
        "1234.01",
        "1234_main",
        "1234_foo",
        "1234.1_vm",
        "4294967296",
        "1234.9999999999",
        "1234 "
      })
  void otherNamesAreNoRelations(String name) {
    assertThat(RelationFileName.parse(name)).isNull();
  }

  @Test
  void pathsAreThoseOfTheVersion() {
    var paths = new RelationPaths(Path.of("/d"), WalFormat.PG_18);
    var own = new RelFileLocator(16_400, 5, 1234);
    assertThat(paths.fork(own, ForkNumber.VISIBILITY_MAP))
        .hasToString("/d/pg_tblspc/16400/PG_18_202506291/5/1234_vm");
    var elsewhere = new RelationPaths(Path.of("/d"), WalFormat.PG_15).fork(own, ForkNumber.MAIN);
    assertThat(elsewhere).hasToString("/d/pg_tblspc/16400/PG_15_202209061/5/1234");
    var fork = paths.fork(new RelFileLocator(1663, 5, 1234), ForkNumber.FSM);
    assertThat(RelationPaths.segment(fork, 0)).hasToString("/d/base/5/1234_fsm");
    assertThat(RelationPaths.segment(fork, 3)).hasToString("/d/base/5/1234_fsm.3");
    assertThat(paths.database(RelFileLocator.GLOBAL_TABLESPACE, 0)).hasToString("/d/global");
  }
}
