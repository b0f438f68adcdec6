package org.walstream.send.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerSlotFormatTest {

  private static final long NEXT_XID = 0x3_0000_0300L;

  private static final SlotState STATE =
      new SlotState(0x1_6D2B_4F08L, 0x3_0000_02E8L, 0x2_FFFF_FF00L, Optional.empty());

  private static SlotFormat format(int major) {
    return SlotFormat.ofServer(major, NEXT_XID);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void whatIsEncodedIsReadBack(int major) throws IOException {
    assertThat(format(major).decode(format(major).encode("s1", STATE, null))).isEqualTo(STATE);
    var lost = new SlotState(0, 0, 0, Optional.of(Invalidation.WAL_REMOVED));
    ByteBuffer before = format(major).encode("s1", STATE, null);
    assertThat(format(major).decode(format(major).encode("s1", lost, before))).isEqualTo(lost);
  }

  @ParameterizedTest
  @CsvSource({"15, 2", "16, 3", "17, 5", "18, 5"})
  void eachServerHasItsVersion(int major, int version) {
    ByteBuffer bytes = format(major).encode("s1", STATE, null).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.remaining()).isEqualTo(200);
    assertThat(bytes.getInt(0)).isEqualTo(0x01051CA1);
    assertThat(bytes.getInt(8)).isEqualTo(version);
    assertThat(bytes.getInt(12)).isEqualTo(184);
    assertThat(bytes.get(16)).isEqualTo((byte) 's');
    int other = major == 15 ? 18 : 15;
    assertThatThrownBy(() -> format(other).decode(bytes))
        .hasMessage("unsupported version " + version);
  }

  /// A database's slot is logical: only what has changed is written over.
  @Test
  void whatIsOnlyALogicalSlotsStays() throws IOException {
    ByteBuffer logical = format(18).encode("s1", STATE, null).order(ByteOrder.LITTLE_ENDIAN);
    logical.putInt(80, 5).putLong(112, 0x1234).put(129, (byte) 'p');
    ByteBuffer changed =
        format(18)
            .encode(
                "s1", new SlotState(0, 0, 0, Optional.of(Invalidation.WAL_REMOVED), true), logical)
            .order(ByteOrder.LITTLE_ENDIAN);
    assertThat(format(18).decode(changed).logical()).isTrue();
    assertThat(changed.getLong(112)).isEqualTo(0x1234);
    assertThat(changed.get(129)).isEqualTo((byte) 'p');
  }

  @Test
  void everyFlippedBitIsNoticed() {
    for (int bit = 0; bit < 200 * 8; bit++) {
      ByteBuffer bytes = format(18).encode("s1", STATE, null);
      bytes.put(bit / 8, (byte) (bytes.get(bit / 8) ^ 1 << bit % 8));
      assertThatThrownBy(() -> format(18).decode(bytes))
          .as("bit %d", bit)
          .isInstanceOf(IOException.class)
          .hasMessageMatching("wrong magic number|unsupported version .*|checksum mismatch");
    }
  }
}
