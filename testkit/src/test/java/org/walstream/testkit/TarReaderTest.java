package org.walstream.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarReaderTest {

  @TempDir Path directory;

  @Test
  void unpacksWhatTarHasPacked() throws IOException {
    var from = Files.createDirectory(directory.resolve("from"));
    var longName = "long".repeat(30);
    Files.createDirectories(from.resolve("bin"));
    Files.writeString(from.resolve("bin/tool"), "#!/bin/sh\n");
    assertThat(from.resolve("bin/tool").toFile().setExecutable(true)).isTrue();
    Files.writeString(from.resolve(longName), "x".repeat(1000));
    Files.createSymbolicLink(from.resolve("link"), Path.of("bin/tool"));
    var archive = directory.resolve("a.tar").toString();
    Command.require(List.of("tar", "--format=gnu", "-C", from.toString(), "-cf", archive, "."));

    var to = Files.createDirectory(directory.resolve("to"));
    try (var in = Files.newInputStream(Path.of(archive))) {
      TarReader.unpack(in, to);
    }
    assertThat(to.resolve("bin/tool")).hasContent("#!/bin/sh\n").isExecutable();
    assertThat(to.resolve(longName)).hasContent("x".repeat(1000));
    assertThat(Files.readSymbolicLink(to.resolve("link"))).isEqualTo(Path.of("bin/tool"));
  }

  @Test
  void refusesAFileOutsideItsDirectory() {
    assertThatThrownBy(() -> unpack(entry("../evil", "x")))
        .hasMessageContaining("outside its directory");
  }

  @Test
  void refusesATruncatedArchive() throws IOException {
    var whole = entry("file", "x".repeat(600));
    assertThatThrownBy(() -> unpack(Arrays.copyOf(whole, 100))).isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> unpack(Arrays.copyOf(whole, 700))).isInstanceOf(EOFException.class);
  }

  @Test
  void refusesALengthThatIsNoNumber() throws IOException {
    var archive = entry("file", "x");
    archive[124] = 'z';
    assertThatThrownBy(() -> unpack(archive)).hasMessageContaining("invalid number");
  }

  private void unpack(byte[] archive) throws IOException {
    TarReader.unpack(new ByteArrayInputStream(archive), directory);
  }

  private static byte[] entry(String name, String content) throws IOException {
    var out = new ByteArrayOutputStream();
    var header = new byte[512];
    put(header, 0, name);
    put(header, 100, "0000644");
    put(header, 124, "%011o".formatted(content.length()));
    header[156] = '0';
    out.write(header);
    out.write(content.getBytes(StandardCharsets.US_ASCII));
    out.write(new byte[(512 - content.length() % 512) % 512]);
    return out.toByteArray();
  }

  private static void put(byte[] header, int offset, String text) {
    var bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }
}
