package org.walstream.receive.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarStreamTest {

  private static final class Noted implements TarStream.Entries {

    final List<String> words = new ArrayList<>();
    private int length;

    @Override
    public void directory(String name) {
      words.add("directory " + name);
    }

    @Override
    public void symbolicLink(String name, String target) {
      words.add("link " + name + " to " + target);
    }

    @Override
    public void file(String name, long size) {
      words.add("file " + name + " " + size);
      length = 0;
    }

    @Override
    public void data(ByteBuffer bytes) {
      while (bytes.hasRemaining()) {
        length += bytes.get();
      }
    }

    @Override
    public void endFile() {
      words.add("sum " + length);
    }
  }

  private final Noted noted = new Noted();
  private final TarStream tar = new TarStream(noted);

  private static byte[] ones(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 1);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 511, 512, 513, 100_000})
  void takesPiecesOfAnySize(int piece) throws Exception {
    byte[] archive =
        new CraftedTar()
            .file("PG_VERSION", ones(3))
            .directory("pg_wal/")
            .file("empty", new byte[0])
            .link("pg_tblspc/16385", "/srv/space")
            .file("base/1/whole", ones(1024))
            .file("global/pg_control", ones(8193))
            .bytes();
    for (int at = 0; at < archive.length; at += piece) {
      tar.feed(ByteBuffer.wrap(archive, at, Math.min(piece, archive.length - at)));
    }
    tar.feed(ByteBuffer.allocate(1024));
    tar.end();
    assertThat(noted.words)
        .containsExactly(
            "file PG_VERSION 3",
            "sum 3",
            "directory pg_wal/",
            "file empty 0",
            "sum 0",
            "link pg_tblspc/16385 to /srv/space",
            "file base/1/whole 1024",
            "sum 1024",
            "file global/pg_control 8193",
            "sum 8193");
  }

  @Test
  void sizesMayBeBinary() throws Exception {
    tar.feed(ByteBuffer.wrap(new CraftedTar().large("large", 9L << 30).bytes()));
    assertThat(noted.words).containsExactly("file large " + (9L << 30));
    assertThatThrownBy(tar::end).hasMessage("archive of the base backup ends within a file");
  }

  @Test
  void whatIsNoArchiveOfAServersIsRefused() {
    byte[] damaged = new CraftedTar().file("PG_VERSION", ones(3)).bytes();
    damaged[3] ^= 1;
    assertThatThrownBy(() -> tar.feed(ByteBuffer.wrap(damaged)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("wrong checksum of a header");
    assertThatThrownBy(() -> tar.feed(ByteBuffer.wrap(new CraftedTar().other("fifo", '6').bytes())))
        .hasMessageStartingWith("unexpected type '6' of \"fifo\"");
  }
}
