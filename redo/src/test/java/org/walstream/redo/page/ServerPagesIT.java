package org.walstream.redo.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.PostgresServer;

/// Every page that a server left behind, as we read it.
@Timeout(600)
class ServerPagesIT {

  private static final List<String> ACCESS_METHODS =
      List.of("btree", "hash", "gin", "gist", "spgist", "brin");

  private final PageChecksum checksum = new PageChecksum();

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void everyPageHasTheChecksumThatWeCompute(int major) throws Exception {
    try (var server = PostgresServer.builder(major).initdb("--data-checksums").start()) {
      fill(server);
      Path table = server.dataDirectory().resolve(path(server, "t"));
      Path btree = server.dataDirectory().resolve(path(server, "t_btree"));
      server.stopFast();
      int pages = 0;
      Set<String> forks = new HashSet<>();
      for (Path file : ServerPages.forkFiles(server.dataDirectory())) {
        pages += checkPages(file);
        forks.add(file.toString().replaceAll(".*/\\d+", ""));
      }
      assertThat(pages).isGreaterThan(2000);
      assertThat(forks).contains("", "_fsm", "_vm", "_init");
      assertThat(checkItems(ServerPages.read(table), 0)).isGreaterThan(5000);
      assertThat(checkItems(ServerPages.read(btree), 1)).isGreaterThan(5000);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void mapsSayWhatThePagesSay(int major) throws Exception {
    try (var server = PostgresServer.builder(major).start()) {
      server.sql("CREATE TABLE t (id int, body text) WITH (autovacuum_enabled = off)");
      server.sql("INSERT INTO t SELECT i, repeat('x', i % 150) FROM generate_series(1, 40000) i");
      server.sql("DELETE FROM t WHERE id % 1000 > 600 AND id % 3 > 0");
      server.sql("VACUUM t");
      server.sql("DELETE FROM t WHERE id BETWEEN 5000 AND 5020"); // their pages show it at once
      Path table = server.dataDirectory().resolve(path(server, "t"));
      server.stopFast();
      checkVisibilityMap(table);
      checkFreeSpaceMap(table);
    }
  }

  private static void checkVisibilityMap(Path table) {
    MemorySegment pages = ServerPages.read(table);
    MemorySegment map = ServerPages.read(table.resolveSibling(table.getFileName() + "_vm"));
    int visible = 0;
    for (int block = 0; block < ServerPages.count(pages); block++) {
      long mapPage = ServerPages.page(VisibilityMapPage.blockOf(block));
      boolean bit =
          (VisibilityMapPage.status(map, mapPage, block) & VisibilityMapPage.ALL_VISIBLE) != 0;
      assertThat(bit)
          .as("block %d", block)
          .isEqualTo(PageHeader.has(pages, ServerPages.page(block), PageHeader.ALL_VISIBLE));
      visible += bit ? 1 : 0;
    }
    assertThat(visible).isBetween(100, ServerPages.count(pages) - 1);
  }

  private static void checkFreeSpaceMap(Path table) {
    MemorySegment pages = ServerPages.read(table);
    MemorySegment map = ServerPages.read(table.resolveSibling(table.getFileName() + "_fsm"));
    for (int block = 0; block < ServerPages.count(pages); block++) {
      long page = ServerPages.page(block);
      if (!PageHeader.isNew(pages, page)) {
        long leaf = ServerPages.page(FreeSpaceMap.blockOf(0, FreeSpaceMap.parentOf(block)));
        assertThat(FreeSpaceMapPage.category(map, leaf, FreeSpaceMap.slotOf(block)))
            .as("block %d", block)
            .isEqualTo(FreeSpaceMap.categoryOf(PageItems.heapFreeSpace(pages, page)));
      }
    }
    int highest = 0;
    for (int level = 0; level <= FreeSpaceMap.ROOT_LEVEL; level++) {
      long page = ServerPages.page(FreeSpaceMap.blockOf(level, 0));
      if (level > 0) {
        assertThat(FreeSpaceMapPage.category(map, page, 0)).isEqualTo(highest);
      }
      highest = FreeSpaceMapPage.highestCategory(map, page);
      assertThat(FreeSpaceMapPage.rebuild(map, page)).as("level %d", level).isFalse();
    }
    assertThat(highest).isPositive();
  }

  private static void fill(PostgresServer server) {
    server.sql("CREATE TABLE t (id int, body text, tags int[], area box, place point)");
    server.sql("ALTER TABLE t SET (autovacuum_enabled = off)");
    for (String method : ACCESS_METHODS) {
      String column =
          switch (method) {
            case "gin" -> "tags";
            case "gist" -> "area";
            case "spgist" -> "place";
            default -> "id";
          };
      server.sql("CREATE INDEX t_%s ON t USING %s (%s)".formatted(method, method, column));
    }
    server.sql("CREATE SEQUENCE s");
    server.sql("CREATE UNLOGGED TABLE u AS SELECT generate_series(1, 1000) AS id");
    server.sql(
        "INSERT INTO t SELECT i, repeat(md5(i::text), 1 + i % 7), ARRAY[i % 10, i % 100, i],"
            + " box(point(i, i), point(i + 1, i + 1)), point(i % 97, i)"
            + " FROM generate_series(1, 20000) i");
    server.sql("UPDATE t SET body = body || 'x' WHERE id % 3 = 0");
    server.sql("DELETE FROM t WHERE id % 5 = 0 OR id BETWEEN 3000 AND 6000");
    server.sql("VACUUM t");
    server.sql("INSERT INTO t (id, body) SELECT i, i::text FROM generate_series(1, 3000) i");
    server.sql("CHECKPOINT");
  }

  private static String path(PostgresServer server, String relation) {
    return server.sql("SELECT pg_relation_filepath('%s')".formatted(relation));
  }

  /// @return how many pages the file has
  private int checkPages(Path file) {
    MemorySegment pages = ServerPages.read(file);
    assertThat(pages.byteSize() % PageHeader.PAGE_BYTES).as("%s", file).isZero();
    for (int block = 0; block < ServerPages.count(pages); block++) {
      long page = ServerPages.page(block);
      assertThat(PageHeader.isSane(pages, page)).as("%s, block %d", file, block).isTrue();
      if (!PageHeader.isNew(pages, page)) {
        assertThat(checksum.of(pages, page, block))
            .as("%s, block %d", file, block)
            .isEqualTo(PageHeader.checksum(pages, page));
        assertThat(PageHeader.pageSizeAndVersion(pages, page)).isEqualTo(0x2004);
        assertThat(checksum.isRight(pages, page, block + 1)).isFalse();
      }
    }
    return ServerPages.count(pages);
  }

  /// @param firstBlock passes over a metapage, whose pd_lower ends no line pointers
  /// @return how many items there are
  private static int checkItems(MemorySegment pages, int firstBlock) {
    int items = 0;
    for (int block = firstBlock; block < ServerPages.count(pages); block++) {
      items += checkItemsOfPage(pages, ServerPages.page(block));
    }
    return items;
  }

  private static int checkItemsOfPage(MemorySegment pages, long page) {
    int count = PageHeader.isNew(pages, page) ? 0 : PageHeader.maxOffsetNumber(pages, page);
    int[] taken = new int[PageHeader.PAGE_BYTES];
    int items = 0;
    for (int number = 1; number <= count; number++) {
      int linePointer = LinePointer.get(pages, page, number);
      if (LinePointer.hasStorage(linePointer)) {
        int offset = LinePointer.offset(linePointer);
        int end = offset + PageBytes.maxAlign(LinePointer.length(linePointer));
        assertThat(offset).isGreaterThanOrEqualTo(PageHeader.upper(pages, page));
        assertThat(offset % 8).isZero();
        assertThat(end).isLessThanOrEqualTo(PageHeader.special(pages, page));
        for (int at = offset; at < end; at++) {
          taken[at]++;
        }
        items++;
      } else if (LinePointer.flags(linePointer) == LinePointer.REDIRECT) {
        assertThat(LinePointer.offset(linePointer)).isBetween(1, count);
      }
    }
    assertThat(Arrays.stream(taken).max().orElse(0)).as("items overlap").isLessThanOrEqualTo(1);
    return items;
  }
}
