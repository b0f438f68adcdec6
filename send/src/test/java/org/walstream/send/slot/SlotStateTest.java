package org.walstream.send.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SlotStateTest {

  private static final SlotState STATE =
      new SlotState(
          0x1_6D2B_4F08L, 0x3_0000_02E8L, 0x3_0000_02E7L, Optional.of(Invalidation.WAL_REMOVED));

  @Test
  void whatIsEncodedIsReadBack() throws IOException {
    assertThat(SlotState.decode(STATE.encode())).isEqualTo(STATE);
    var empty = new SlotState(0, 0, 0, Optional.empty());
    assertThat(SlotState.decode(empty.encode())).isEqualTo(empty);
  }

  /// Files of an older version must stay readable: these bytes never change.
  @Test
  void theLayoutIsTheDocumentedOne() {
    String hex = HexFormat.of().formatHex(STATE.encode().array());
    assertThat(hex.substring(0, 8)).isEqualTo("57534c54"); // WSLT
    assertThat(hex.substring(16))
        .isEqualTo(
            "01000000" + "01000000" + "084f2b6d01000000" + "e802000003000000" + "e702000003000000");
  }

  @Test
  void everyFlippedBitIsNoticed() {
    for (int bit = 0; bit < SlotState.LENGTH * 8; bit++) {
      ByteBuffer bytes = STATE.encode();
      bytes.put(bit / 8, (byte) (bytes.get(bit / 8) ^ 1 << bit % 8));
      assertThatThrownBy(() -> SlotState.decode(bytes))
          .as("bit %d", bit)
          .isInstanceOf(IOException.class)
          .hasMessageMatching("wrong magic number|checksum mismatch");
    }
  }

  @Test
  void everyOtherLengthIsRefused() {
    for (int length = 0; length < SlotState.LENGTH; length++) {
      ByteBuffer bytes = STATE.encode().limit(length);
      assertThatThrownBy(() -> SlotState.decode(bytes))
          .isInstanceOf(IOException.class)
          .hasMessage("read %d of 40", length);
    }
    assertThatThrownBy(() -> SlotState.decode(ByteBuffer.allocate(SlotState.LENGTH + 1)))
        .hasMessage("read 41 of 40");
  }

  @Test
  void anyBytesAreAStateOrAnError() {
    long seed = new SplittableRandom().nextLong();
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 20_000; i++) {
      var bytes = new byte[random.nextInt(SlotState.LENGTH + 8)];
      random.nextBytes(bytes);
      assertThatThrownBy(() -> SlotState.decode(ByteBuffer.wrap(bytes)))
          .as("seed %d", seed)
          .isInstanceOf(IOException.class);
    }
  }
}
