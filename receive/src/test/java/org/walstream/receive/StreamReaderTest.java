package org.walstream.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wire.ProtocolViolation;
import org.walstream.wire.message.Frame;
import org.walstream.wire.replication.XLogData;

class StreamReaderTest {

  private static final long START = 0x3000000;
  private static final ByteBuffer[] SLOTS = StreamReader.newSlots();

  private static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  private static StreamReader reader(StreamInput input, StreamObserver observer, long startLsn) {
    var origin = new StreamOrigin(1, new WalSegmentSize(1 << 20), TimelineId.FIRST, startLsn);
    return new StreamReader(input, origin, observer, null, SLOTS);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 20, 7",
    "2, 20, 100000",
    "3, 200000, 500",
    "4, 200000, 3000000",
    "5, 131072, 131102",
    "6, 2000000, 65536",
    "7, 5000, 1",
    "8, 3000, 30",
    "9, 8192, 8222"
  })
  void everyByteArrivesOnceHoweverTheStreamIsCut(long seed, int messageBytesMax, int pieceBytesMax)
      throws Exception {
    RandomGenerator random = random(seed);
    int length = pieceBytesMax < 1000 ? 200_000 : 5_000_000;
    if (messageBytesMax < 100) {
      length = 100_000;
    }
    byte[] wal = new byte[length];
    random.nextBytes(wal);
    long startLsn = START + random.nextInt(2 << 20);
    var observer = new RecordingObserver(startLsn);
    var script = ScriptedInput.script(wal, startLsn, messageBytesMax, random);
    var input = new ScriptedInput(script, random, pieceBytesMax);

    var reader = reader(input, observer, startLsn);
    assertThat(reader.read()).isEqualTo(StreamReader.End.SENDER_DONE);
    assertThat(observer.received.toByteArray()).as("seed %d", seed).isEqualTo(wal);
    assertThat(reader.nextLsn()).isEqualTo(startLsn + wal.length);
    assertThat(observer.provenLsn).isEqualTo(startLsn + wal.length);
    assertThat(observer.repliesRequested).isPositive();
    assertThat(input.interludeSeen).isTrue();
  }

  @Test
  void stopsAtTheFirstMessageThatIsBeyondTheEnd() throws Exception {
    RandomGenerator random = random(1);
    byte[] wal = new byte[100_000];
    random.nextBytes(wal);
    var observer = new RecordingObserver(START);
    observer.endLsn = START + 50_000;
    var input = new ScriptedInput(ScriptedInput.script(wal, START, 8192, random), random, 100_000);
    var reader = reader(input, observer, START);
    assertThat(reader.read()).isEqualTo(StreamReader.End.STOPPED);
    assertThat(observer.nextLsn)
        .isEqualTo(reader.nextLsn())
        .isBetween(START + 50_001, START + 58_192);
  }

  @Test
  void whatCameBeforeTheConnectionBrokeIsKept() {
    RandomGenerator random = random(2);
    var out = ByteBuffer.allocate(1000);
    wal(out, START, 100);
    wal(out, START + 100, 100);
    var observer = new RecordingObserver(START);
    assertThatThrownBy(
            () -> reader(new ScriptedInput(out.flip(), random, 50), observer, START).read())
        .isInstanceOf(EOFException.class);
    assertThat(observer.nextLsn).isEqualTo(START + 200);
  }

  @Test
  void walAtTheWrongPlaceIsAViolation() {
    var out = ByteBuffer.allocate(1000);
    wal(out, START, 100);
    wal(out, START + 101, 100);
    assertThatThrownBy(() -> read(out))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessage("got WAL data at 0/3000065, expected 0/3000064");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "6400000004|empty CopyData message in a replication stream",
        "640000000577|streaming header too small: 1",
        "64000000056b|replication message \"k\" has a body of 0 bytes, expected 17",
        "640000000571|unrecognized streaming header: \"q\"",
        "6400000003|invalid message length 3 of message type \"d\"",
        "6480000000|invalid message length -2147483648 of message type \"d\"",
      })
  void malformedMessagesAreViolations(String hex, String message) {
    var out = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    assertThatThrownBy(() -> read(out.position(out.limit())))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void noiseIsAViolationOrAnEnd(long seed) {
    RandomGenerator random = random(seed);
    for (int i = 0; i < 3_000; i++) {
      byte[] wal = new byte[500];
      var script = ScriptedInput.script(wal, START, 100, random);
      for (int hits = random.nextInt(1, 4); hits > 0; hits--) {
        script.put(random.nextInt(script.limit()), (byte) random.nextInt(256));
      }
      try {
        reader(new ScriptedInput(script, random, 200), new RecordingObserver(START), START).read();
      } catch (IOException expected) {
        assertThat(expected.getMessage()).as("seed %d", seed).isNotEmpty();
      }
    }
  }

  private static void read(ByteBuffer out) throws IOException {
    reader(new ScriptedInput(out.flip(), random(1), 1000), new RecordingObserver(START), START)
        .read();
  }

  private static void wal(ByteBuffer out, long lsn, int length) {
    Frame.putHeader(out, (byte) 'd', XLogData.HEADER_LENGTH + length);
    XLogData.encodeHeader(out, lsn, lsn, 0);
    out.put(new byte[length]);
  }
}
