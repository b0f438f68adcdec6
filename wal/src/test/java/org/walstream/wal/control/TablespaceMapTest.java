package org.walstream.wal.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.wal.CorruptDataException;
import org.walstream.wal.control.TablespaceMap.Tablespace;

class TablespaceMapTest {

  @Test
  void readsAndWritesPathsOfAllKinds() throws Exception {
    String text = "16385 /srv/fast\n4294967295  /a b\\\\c\\\nd\\\re/ü\n";
    TablespaceMap map = parse(text);
    assertThat(map.tablespaces())
        .isEqualTo(
            List.of(new Tablespace(16385, "/srv/fast"), new Tablespace(-1, " /a b\\c\nd\re/ü")));
    assertThat(new String(map.toBytes(), StandardCharsets.UTF_8)).isEqualTo(text);
  }

  @Test
  void mayBeEmptyAndHaveLinesEndedAsOnWindows() throws Exception {
    assertThat(parse("").tablespaces()).isEmpty();
    assertThat(parse("1 /a\r\n2 /b\r\n").tablespaces())
        .isEqualTo(List.of(new Tablespace(1, "/a"), new Tablespace(2, "/b")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1 /a", "1 /a\\", "x /a\n", " /a\n", "1\n", "1 \n", "4294967296 /a\n"})
  void refusesWhatIsNoMap(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(CorruptDataException.class)
        .hasMessage("invalid data in file \"tablespace_map\"");
  }

  @Test
  void refusesAPathThatWouldBecomeAnother() {
    assertThatThrownBy(() -> TablespaceMap.parse(new byte[] {'1', ' ', '/', (byte) 0xE4, '\n'}))
        .isInstanceOf(CorruptDataException.class);
  }

  private static TablespaceMap parse(String text) throws CorruptDataException {
    return TablespaceMap.parse(text.getBytes(StandardCharsets.UTF_8));
  }
}
