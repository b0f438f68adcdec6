package org.walstream.wire.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.wire.ProtocolViolation;

class ReplicationMessagesTest {

  @Test
  void statusUpdateHasPostgresLayout() {
    var update = new StandbyStatusUpdate(0x1_0000_0001L, 2, -1, 5, true);
    assertThat(hex(update))
        .isEqualTo(
            "72"
                + "0000000100000001"
                + "0000000000000002"
                + "ffffffffffffffff"
                + "0000000000000005"
                + "01");
  }

  @Test
  void feedbackHasPostgresLayout() {
    assertThat(hex(new HotStandbyFeedback(9, 700, 1, 0xfffffffe, 0)))
        .isEqualTo("68" + "0000000000000009" + "000002bc" + "00000001" + "fffffffe" + "00000000");
  }

  @Test
  void keepaliveHasPostgresLayout() {
    assertThat(hex(new PrimaryKeepalive(0x3000148, 7, false)))
        .isEqualTo("6b" + "0000000003000148" + "0000000000000007" + "00");
  }

  @Test
  void walHeaderIsReadInPlaceWhereverItStands() throws Exception {
    var message = new XLogData(0x3000000, 0x3000010, 42, ByteBuffer.wrap(new byte[] {1, 2, 3}));
    var buffer = ByteBuffer.allocate(5 + message.length()).position(5);
    message.encode(buffer);

    assertThat(XLogData.startLsn(buffer, 5)).isEqualTo(0x3000000);
    assertThat(XLogData.walEndLsn(buffer, 5)).isEqualTo(0x3000010);
    assertThat(XLogData.sendTimeMicros(buffer, 5)).isEqualTo(42);
    assertThat(SenderMessage.decode(buffer.flip().position(5))).isEqualTo(message);
  }

  @Test
  void everyMessageSurvivesTheWay() throws Exception {
    for (var message :
        List.of(new PrimaryKeepalive(1, 2, true), new PrimaryKeepalive(-1, -2, false))) {
      assertThat(SenderMessage.decode(encoded(message.length(), message::encode)))
          .isEqualTo(message);
    }
    for (var message :
        List.of(
            new StandbyStatusUpdate(1, 2, 3, 4, false),
            new HotStandbyFeedback(1, 2, 3, 4, 5),
            HotStandbyFeedback.none(6))) {
      assertThat(StandbyMessage.decode(encoded(message.length(), message::encode)))
          .isEqualTo(message);
    }
  }

  @Test
  void wrongLengthsAndTagsAreNamed() {
    assertThatThrownBy(() -> StandbyMessage.decode(bytes("7200")))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessage("replication message \"r\" has a body of 1 bytes, expected 33");
    assertThatThrownBy(() -> SenderMessage.decode(bytes("7700")))
        .hasMessage("streaming header too small: 2");
    assertThatThrownBy(() -> SenderMessage.decode(bytes("70")))
        .hasMessage("unrecognized streaming header: \"p\"");
    assertThatThrownBy(() -> SenderMessage.decode(bytes("00")))
        .hasMessage("unrecognized streaming header: \"\\x00\"");
    assertThatThrownBy(() -> StandbyMessage.decode(bytes("70")))
        .hasMessage("unexpected message type \"p\"");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anyBytesAreAMessageOrAViolation(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    byte[] tags = {'w', 'k', 'r', 'h', 0, -1};
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(40)];
      random.nextBytes(noise);
      if (noise.length > 0 && random.nextBoolean()) {
        noise[0] = tags[random.nextInt(tags.length)];
      }
      try {
        SenderMessage.decode(ByteBuffer.wrap(noise));
      } catch (ProtocolViolation expected) {
        assertThat(expected).hasMessageMatching("(?s).+");
      }
      try {
        StandbyMessage.decode(ByteBuffer.wrap(noise));
      } catch (ProtocolViolation expected) {
        assertThat(expected).hasMessageMatching("(?s).+");
      }
    }
  }

  private interface Encoder {
    void encode(ByteBuffer out);
  }

  private static ByteBuffer encoded(int length, Encoder encoder) {
    var buffer = ByteBuffer.allocate(length);
    encoder.encode(buffer);
    assertThat(buffer.hasRemaining()).isFalse();
    return buffer.flip();
  }

  private static String hex(StandbyMessage message) {
    return HexFormat.of().formatHex(encoded(message.length(), message::encode).array());
  }

  private static String hex(SenderMessage message) {
    return HexFormat.of().formatHex(encoded(message.length(), message::encode).array());
  }

  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
  }
}
