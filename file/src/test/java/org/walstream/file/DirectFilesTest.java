package org.walstream.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bytes that go past the cache are the same bytes. (`testkit` stands above this module, so what it
/// decides of missing prerequisites is decided here once more.)
class DirectFilesTest {

  private static final int BYTES = 3 << 20;

  @TempDir Path directory;

  private final long seed = Long.getLong("walstream.test.seed", System.nanoTime());
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  /// From memory of every kind, in pieces of every size, each of which may begin and end anywhere.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anyPiecesMakeTheWhole(boolean offHeap) throws IOException {
    byte[] whole = new byte[BYTES];
    random.nextBytes(whole);
    Path path = directory.resolve("file");
    FileLayer files = direct();
    ByteBuffer memory = offHeap ? ByteBuffer.allocateDirect(BYTES + 4096) : null;
    try (OpenFile file = files.create(path)) {
      files.reserve(path, BYTES);
      for (int at = 0; at < BYTES; ) {
        int length =
            Math.min(random.nextInt(1, random.nextBoolean() ? 9_000 : 900_000), BYTES - at);
        file.write(piece(memory, whole, at, length), at);
        if (random.nextInt(8) == 0) {
          file.force();
        }
        assertThat(read(file, at, length))
            .as("seed %d", seed)
            .isEqualTo(Arrays.copyOfRange(whole, at, at + length));
        at += length;
      }
      assertThat(file.size()).isEqualTo(BYTES);
    }
    assertThat(Files.readAllBytes(path)).as("seed %d", seed).isEqualTo(whole);
  }

  /// What a receiver does: memory whose blocks are the file's.
  @Test
  void blocksAreWrittenFromWhereTheyAre() throws IOException {
    byte[] whole = new byte[1 << 20];
    random.nextBytes(whole);
    ByteBuffer memory = ByteBuffer.allocateDirect(whole.length + 4096).alignedSlice(4096);
    memory.put(whole).flip();
    Path path = directory.resolve("file");
    try (OpenFile file = direct().create(path)) {
      file.write(memory, 0);
      assertThat(memory.hasRemaining()).isFalse();
    }
    assertThat(Files.readAllBytes(path)).isEqualTo(whole);
  }

  @Test
  void fileSystemWithoutItIsRefused() throws IOException {
    Path proc = Path.of("/proc/self");
    assumeTrue(Files.isDirectory(proc), "no /proc here");
    assertThatThrownBy(() -> FileLayer.direct(FileLayer.system(), proc))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("\"/proc/self\" has no direct I/O");
    direct();
    assertThat(FileLayer.system().list(directory)).as("nothing is left").isEmpty();
  }

  private FileLayer direct() {
    try {
      return FileLayer.direct(FileLayer.system(), directory);
    } catch (IOException e) {
      if ("true".equals(System.getenv("CI"))) {
        throw new IllegalStateException(e);
      }
      assumeTrue(false, e.getMessage());
      throw new IllegalStateException(e);
    }
  }

  private ByteBuffer piece(
      @org.jspecify.annotations.Nullable ByteBuffer memory, byte[] whole, int at, int length) {
    if (memory == null) {
      return ByteBuffer.wrap(whole, at, length);
    }
    int place = random.nextBoolean() ? at : random.nextInt(BYTES - length + 1);
    memory.clear().position(place).limit(place + length);
    memory.slice().put(whole, at, length);
    return memory;
  }

  private static byte[] read(OpenFile file, int at, int length) throws IOException {
    ByteBuffer read = ByteBuffer.allocate(length);
    while (read.hasRemaining() && file.read(read, at + read.position()) > 0) {
      // until all of it is there
    }
    return read.array();
  }
}
