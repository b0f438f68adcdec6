package org.walstream.testkit.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.file.OpenFile;
import org.walstream.testkit.file.RecordedFiles.Torn;

final class PowerCutFilesTest {

  private static final int TRIES = 200;

  @TempDir private Path temporary;
  private Path data;
  private PowerCutFiles files;

  @BeforeEach
  void makeDirectory() throws IOException {
    data = Files.createDirectory(temporary.resolve("data"));
    files = new PowerCutFiles(temporary.resolve("aside"));
  }

  @Test
  void whatWasForcedStays() throws IOException {
    write("a", 0, bytes(10_000, 1));
    files.forceDirectory(data);
    lose(1, Torn.SECTORS);
    assertThat(Files.readAllBytes(data.resolve("a"))).isEqualTo(bytes(10_000, 1));
  }

  @Test
  void sectorsOfWhatWasNotForcedAreOldOrNew() throws IOException {
    var states = new HashSet<Set<Integer>>();
    for (int seed = 0; seed < TRIES; seed++) {
      Path file = data.resolve("a" + seed);
      Files.write(file, bytes(8192, 1));
      try (OpenFile open = files.open(file)) {
        open.write(ByteBuffer.wrap(bytes(8192, 2)), 0);
      }
      lose(seed, Torn.SECTORS);
      byte[] left = Files.readAllBytes(file);
      var seen = new TreeSet<Integer>();
      for (int at = 0; at < left.length; at += 512) {
        byte[] sector = Arrays.copyOfRange(left, at, at + 512);
        assertThat(sector).isIn(bytes(512, 1), bytes(512, 2));
        seen.add((int) sector[0]);
      }
      states.add(seen);
    }
    assertThat(states).containsExactlyInAnyOrder(Set.of(1), Set.of(2), Set.of(1, 2));
  }

  @Test
  void sizesAreOldOrNewOrBetween() throws IOException {
    var grown = new TreeSet<Long>();
    var cut = new TreeSet<Long>();
    for (int seed = 0; seed < TRIES; seed++) {
      Path a = data.resolve("a" + seed);
      Path b = data.resolve("b" + seed);
      Files.write(a, bytes(4096, 1));
      Files.write(b, bytes(8192, 1));
      try (OpenFile open = files.open(a)) {
        open.write(ByteBuffer.wrap(bytes(8192, 2)), 4096);
      }
      try (OpenFile open = files.open(b)) {
        open.truncate(1000);
      }
      lose(seed, Torn.PAGES);
      grown.add(Files.size(a));
      cut.add(Files.size(b));
      assertThat(Files.readAllBytes(a)).startsWith(bytes(4096, 1));
      assertThat(Files.readAllBytes(b)).containsOnly(1);
    }
    assertThat(grown).containsExactly(4096L, 8192L, 12288L);
    assertThat(cut).containsExactly(1000L, 8192L);
  }

  @Test
  void namesComeGoAndChangeOrNot() throws IOException {
    var states = new HashSet<Set<String>>();
    for (int seed = 0; seed < TRIES; seed++) {
      Path directory = Files.createDirectory(data.resolve("d" + seed));
      Files.write(directory.resolve("goes"), bytes(5, 1));
      Files.write(directory.resolve("old"), bytes(5, 2));
      write("d" + seed + "/comes", 0, bytes(5, 3));
      files.delete(directory.resolve("goes"));
      files.rename(directory.resolve("old"), directory.resolve("new"));
      lose(seed, Torn.SECTORS);
      states.add(Set.copyOf(files.list(directory)));
    }
    assertThat(states)
        .hasSize(8)
        .allSatisfy(names -> assertThat(names.contains("old")).isNotEqualTo(names.contains("new")));
  }

  @Test
  void aReplacedFileIsOldOrNew() throws IOException {
    var contents = new HashSet<Byte>();
    for (int seed = 0; seed < TRIES; seed++) {
      Path file = data.resolve("a" + seed);
      Files.write(file, bytes(700, 1));
      for (int step = 1; step <= 6; step++) {
        files.cutAt(step);
        try {
          files.replace(file, ByteBuffer.wrap(bytes(700, 2)));
        } catch (PowerLossException e) {
          // the power is gone
        }
        lose(seed, Torn.SECTORS);
        byte[] left = Files.readAllBytes(file);
        assertThat(left).isIn(bytes(700, 1), bytes(700, 2));
        contents.add(left[0]);
        Files.deleteIfExists(data.resolve("a" + seed + ".tmp"));
      }
    }
    assertThat(contents).containsExactlyInAnyOrder((byte) 1, (byte) 2);
  }

  @Test
  void directoriesComeAndGoWithWhatIsInThem() throws IOException {
    var states = new HashSet<Set<String>>();
    for (int seed = 0; seed < TRIES; seed++) {
      Path parent = data.resolve("d" + seed);
      Path old = Files.createDirectories(parent.resolve("old"));
      Files.write(old.resolve("x"), bytes(5, 1));
      try (OpenFile open = files.open(old.resolve("x"))) {
        open.write(ByteBuffer.wrap(bytes(5, 2)), 0);
      }
      files.delete(old.resolve("x"));
      files.delete(old);
      files.createDirectory(parent.resolve("new"));
      write("d" + seed + "/new/y", 0, bytes(5, 1));
      files.forceDirectory(parent.resolve("new"));
      lose(seed, Torn.SECTORS);
      try (var left = Files.walk(parent)) {
        states.add(
            Set.copyOf(left.skip(1).map(path -> parent.relativize(path).toString()).toList()));
      }
    }
    assertThat(states)
        .containsExactlyInAnyOrder(
            Set.of(),
            Set.of("new", "new/y"),
            Set.of("old"),
            Set.of("old", "old/x"),
            Set.of("old", "new", "new/y"),
            Set.of("old", "old/x", "new", "new/y"));
  }

  @Test
  void nothingWorksWithoutPower() throws IOException {
    files.cutAt(2);
    try (OpenFile file = files.create(data.resolve("a"))) {
      assertThatThrownBy(() -> file.write(ByteBuffer.allocate(1), 0))
          .isInstanceOf(PowerLossException.class);
      assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1), 0))
          .isInstanceOf(PowerLossException.class);
      assertThatThrownBy(file::force).isInstanceOf(PowerLossException.class);
      assertThatThrownBy(() -> files.delete(data.resolve("a")))
          .isInstanceOf(PowerLossException.class);
    }
    lose(3, Torn.SECTORS);
    assertThat(files.list(data)).isSubsetOf("a");
  }

  private void write(String name, long offset, byte[] content) throws IOException {
    try (OpenFile file = files.create(data.resolve(name))) {
      file.write(ByteBuffer.wrap(content), offset);
      file.force();
    }
  }

  private void lose(long seed, Torn torn) throws IOException {
    files.loseUnforced(new Random(seed), torn, _ -> false);
  }

  private static byte[] bytes(int count, int value) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
