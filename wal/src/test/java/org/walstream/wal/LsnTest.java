package org.walstream.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LsnTest {

  @Test
  void printsWhatItReads() {
    assertThat(Lsn.parse("16/B374D848").value()).isEqualTo(0x16_B374D848L);
    assertThat(Lsn.parse("16/b374d848")).hasToString("16/B374D848");
    assertThat(Lsn.parse("0/0")).isEqualTo(Lsn.INVALID);
    assertThat(Lsn.parse("FFFFFFFF/FFFFFFFF")).hasToString("FFFFFFFF/FFFFFFFF");
  }

  @Test
  void comparesUnsigned() {
    assertThat(Lsn.parse("FFFFFFFF/0").isAfter(Lsn.parse("0/1"))).isTrue();
    assertThat(Lsn.max(-1, 1)).isEqualTo(-1);
    assertThat(Lsn.min(-1, 1)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/", "0", "0/", "/0", "123456789/0", "0/x", "0/-1", "+1/0", "0/0/0", " 0/0"})
  void refusesBadTextAndNamesIt(String text) {
    assertThatThrownBy(() -> Lsn.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + text + "\"");
  }
}
