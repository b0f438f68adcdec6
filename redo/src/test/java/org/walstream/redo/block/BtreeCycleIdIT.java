package org.walstream.redo.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.redo.page.PageHeader.PAGE_BYTES;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.redo.RedoProfile;
import org.walstream.redo.page.PageBytes;
import org.walstream.redo.page.PageChecksum;
import org.walstream.redo.page.PageHeader;
import org.walstream.testkit.PostgresServer;
import org.walstream.wal.WalFormat;

/// What a server's recovery makes of a leaf's vacuum cycle ID when it redoes VACUUM's removal: only
/// a split during a VACUUM gives one, so this one is written into the file.
@Timeout(600)
class BtreeCycleIdIT {

  private static final int CYCLE_ID = 0x1234;
  private static final int CYCLE_ID_AT = PAGE_BYTES - 2;

  /// The only leaf, behind the metapage.
  private static final int LEAF = 1;

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void isAsTheProfileSays(int major) throws Exception {
    try (var server =
        PostgresServer.builder(major)
            .setting("autovacuum", "off")
            .setting("full_page_writes", "off")
            .start()) {
      server.sql("CREATE TABLE t (k int)");
      server.sql("CREATE INDEX t_k ON t (k)");
      server.sql("INSERT INTO t SELECT g FROM generate_series(1, 300) g");
      Path file = server.dataDirectory().resolve(server.sql("SELECT pg_relation_filepath('t_k')"));
      server.stopFast();
      writeCycleId(file);
      server.start();
      server.sql("DELETE FROM t WHERE k % 2 = 0");
      server.sql("VACUUM (INDEX_CLEANUP on) t");
      server.sql("CREATE TABLE last (k int)"); // its commit flushes all before
      server.kill9();
      assertThat(cycleId(file)).isEqualTo(CYCLE_ID);
      server.start();
      server.stopFast();

      assertThat(items(file)).isEqualTo(150);
      var profile = RedoProfile.newest(WalFormat.valueOf("PG_" + major));
      assertThat(cycleId(file))
          .isEqualTo(profile.clearsCycleIdOfVacuumedBtreePages() ? 0 : CYCLE_ID);
    }
  }

  private static void writeCycleId(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    MemorySegment pages = MemorySegment.ofArray(bytes);
    long page = (long) LEAF * PAGE_BYTES;
    PageBytes.putU16(pages, page + CYCLE_ID_AT, CYCLE_ID);
    new PageChecksum().put(pages, page, LEAF);
    Files.write(file, bytes);
  }

  private static int items(Path file) throws IOException {
    MemorySegment pages = MemorySegment.ofArray(Files.readAllBytes(file));
    return PageHeader.maxOffsetNumber(pages, (long) LEAF * PAGE_BYTES);
  }

  private static int cycleId(Path file) throws IOException {
    MemorySegment pages = MemorySegment.ofArray(Files.readAllBytes(file));
    return PageBytes.u16(pages, (long) LEAF * PAGE_BYTES + CYCLE_ID_AT);
  }
}
