package org.walstream.redo.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.walstream.wal.rmgr.Rmgr;

/// Thousands of changes, and what PostgreSQL 18's own functions made of the same pages: the result
/// of each, and the CRC of every byte of the page after it. `page-vectors.c` wrote them.
class PageVectorsTest {

  private final HeapItems heap = new HeapItems();
  private final IndexItems index = new IndexItems();
  private Frame frame = new Frame();

  @Test
  void eachStepMakesOfThePageWhatPostgresqlMakes() {
    List<String> steps = lines();
    for (int step = 0; step < steps.size(); step++) {
      String[] sides = steps.get(step).split(" = ");
      String[] expected = sides[1].split(" ");
      String[] words = sides[0].split(" ");
      byte[] before = frame.bytes();
      int result = change(words, step);
      assertThat(result + " " + crc())
          .as("%s, step %d", sides[0], step)
          .isEqualTo(Integer.parseInt(expected[0]) + " " + expected[1]);
      assertThat(frame.neighboursAreUntouched()).isTrue();
      if (words[0].startsWith("mask")) {
        frame = Frame.of(before);
      }
    }
    assertThat(steps).hasSizeGreaterThan(3500);
  }

  private int change(String[] words, int step) {
    int[] n = words[0].startsWith("mask") ? new int[0] : numbers(words);
    return switch (words[0]) {
      case "init" -> done(() -> PageHeader.init(frame.pool, Frame.PAGE, n[0]));
      case "add" -> PageItems.add(frame.pool, Frame.PAGE, item(step, n[1]), 0, n[1], n[0], n[2]);
      case "overwrite" ->
          IndexItems.overwrite(frame.pool, Frame.PAGE, n[0], item(step, n[1]), 0, n[1]) ? 1 : 0;
      case "delete" -> done(() -> IndexItems.delete(frame.pool, Frame.PAGE, n[0]));
      case "nocompact" -> done(() -> IndexItems.deleteNoCompact(frame.pool, Frame.PAGE, n[0]));
      case "multi" -> done(() -> index.multiDelete(frame.pool, Frame.PAGE, n, n.length));
      case "lp" ->
          done(() -> LinePointer.put(frame.pool, Frame.PAGE, n[0], LinePointer.of(n[2], n[1], 0)));
      case "repair" -> done(() -> heap.repairFragmentation(frame.pool, Frame.PAGE));
      case "truncate" -> done(() -> HeapItems.truncateLinePointerArray(frame.pool, Frame.PAGE));
      case "space" -> PageItems.heapFreeSpace(frame.pool, Frame.PAGE);
      case "mask" -> done(() -> mask(words[1]));
      case "mask-as" -> {
        Rmgr rmgr = Rmgr.valueOf(words[1]);
        assertThat(ConsistencyMask.apply(rmgr, frame.pool, Frame.PAGE, parse(words[2]))).isTrue();
        yield 0;
      }
      case "poke" -> done(() -> PageBytes.putU16(frame.pool, Frame.PAGE + n[0], n[1]));
      case "fsm-set" -> FreeSpaceMapPage.set(frame.pool, Frame.PAGE, n[0], n[1]) ? 1 : 0;
      case "fsm-truncate" -> FreeSpaceMapPage.truncate(frame.pool, Frame.PAGE, n[0]) ? 1 : 0;
      case "fsm-rebuild" -> FreeSpaceMapPage.rebuild(frame.pool, Frame.PAGE) ? 1 : 0;
      case "fsm-damage" -> done(() -> PageBytes.putU8(frame.pool, Frame.PAGE + 28 + n[0], n[1]));
      default -> throw new IllegalArgumentException(words[0]);
    };
  }

  private void mask(String what) {
    switch (what) {
      case "lsn" -> PageMask.lsnAndChecksum(frame.pool, Frame.PAGE);
      case "hints" -> PageMask.hintBits(frame.pool, Frame.PAGE);
      case "unused" -> PageMask.unusedSpace(frame.pool, Frame.PAGE);
      case "flags" -> PageMask.linePointerFlags(frame.pool, Frame.PAGE);
      case "content" -> PageMask.content(frame.pool, Frame.PAGE);
      default -> throw new IllegalArgumentException(what);
    }
  }

  private static MemorySegment item(int step, int length) {
    byte[] item = new byte[length];
    for (int k = 0; k < length; k++) {
      item[k] = (byte) (step * 131 + k * 7 + k / 32);
    }
    return MemorySegment.ofArray(item);
  }

  private static int[] numbers(String[] words) {
    return Arrays.stream(words).skip(1).mapToInt(Integer::parseInt).toArray();
  }

  private static int parse(String number) {
    return Integer.parseInt(number);
  }

  private static int done(Runnable change) {
    change.run();
    return 0;
  }

  private String crc() {
    var crc = new CRC32();
    crc.update(frame.bytes());
    return "%08x".formatted(crc.getValue());
  }

  private static List<String> lines() {
    try (var file =
        Objects.requireNonNull(PageVectorsTest.class.getResourceAsStream("page-vectors.txt"))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
