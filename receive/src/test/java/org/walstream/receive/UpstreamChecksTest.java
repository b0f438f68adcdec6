package org.walstream.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;

class UpstreamChecksTest {

  private static final TimelineId ONE = new TimelineId(1);
  private static final TimelineId TWO = new TimelineId(2);
  private static final TimelineId THREE = new TimelineId(3);
  private static final TimelineHistory HISTORY =
      TimelineHistory.ofFirst(ONE).branch(THREE, 0x5000100, "no recovery target specified");
  private static final SystemIdentification SYSTEM = new SystemIdentification(-7, THREE, 0x7000000);

  @Test
  void anotherClusterIsRefused() {
    assertThatCode(() -> UpstreamChecks.systemIdentifier(SYSTEM, OptionalLong.empty()))
        .doesNotThrowAnyException();
    assertThatCode(() -> UpstreamChecks.systemIdentifier(SYSTEM, OptionalLong.of(-7)))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> UpstreamChecks.systemIdentifier(SYSTEM, OptionalLong.of(8)))
        .isInstanceOf(ReceiveException.class)
        .hasMessage(
            "system identifier does not match between directory and server: expected 8, got"
                + " 18446744073709551609");
  }

  @Test
  void walThatCannotBeReplicatedIsRefused() {
    assertThatThrownBy(() -> UpstreamChecks.walLevel("minimal"))
        .hasMessageContaining("wal_level=minimal");
    assertThatCode(() -> UpstreamChecks.walLevel("replica")).doesNotThrowAnyException();
  }

  @Test
  void historyMustGoThroughWhatIsHere() {
    assertThatCode(() -> UpstreamChecks.history(HISTORY, at(ONE, 0x5000000), 0x5000100))
        .doesNotThrowAnyException();
    assertThatCode(() -> UpstreamChecks.history(HISTORY, at(THREE, 0x6000000), 0x6000000))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () -> UpstreamChecks.history(HISTORY, at(new TimelineId(4), 0x6000000), 0x6000000))
        .hasMessage("starting timeline 4 is not present in the server");
    assertThatThrownBy(() -> UpstreamChecks.history(HISTORY, at(TWO, 0x5000000), 0x5000000))
        .hasMessage(
            "WAL here is on timeline 2, which is not in the history of the server's timeline 3");
    assertThatThrownBy(() -> UpstreamChecks.history(HISTORY, at(ONE, 0x5000000), 0x5000101))
        .hasMessage(
            "new timeline 3 forked off timeline 1 at 0/5000100, before 0/5000101, which has been"
                + " received already");
  }

  @Test
  void historyFilesMustBeTheSame() {
    assertThatCode(() -> UpstreamChecks.sameHistory(TWO, Optional.empty(), new byte[] {1}))
        .doesNotThrowAnyException();
    assertThatCode(
            () -> UpstreamChecks.sameHistory(TWO, Optional.of(new byte[] {1}), new byte[] {1}))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () -> UpstreamChecks.sameHistory(TWO, Optional.of(new byte[] {1}), new byte[] {2}))
        .hasMessageContaining("\"00000002.history\" differs from the server's");
  }

  @Test
  void startIsChosenByPgReceivewalsRule() throws Exception {
    var size = new WalSegmentSize(1 << 20);
    Optional<WalPosition> none = Optional.empty();
    assertThat(
            StartPosition.choose(
                Optional.of(at(ONE, 0x5000123)), () -> Optional.of(at(TWO, 1)), SYSTEM, size))
        .as("what is here knows best")
        .isEqualTo(at(ONE, 0x5000123));
    assertThat(StartPosition.choose(none, () -> Optional.of(at(ONE, 0x5100123)), SYSTEM, size))
        .as("the slot's segment")
        .isEqualTo(at(ONE, 0x5100000));
    assertThat(StartPosition.choose(none, () -> none, SYSTEM, size))
        .as("the server's segment")
        .isEqualTo(at(THREE, 0x7000000));
  }

  @Test
  void readsVersionsAndSizesAsServersPrintThem() {
    assertThat(ReplicationSession.majorVersion("15.19 (Debian 15.19-0+deb12u1)")).isEqualTo(15);
    assertThat(ReplicationSession.majorVersion("18beta1")).isEqualTo(18);
    assertThat(ReplicationSession.majorVersion("devel")).isZero();
    assertThat(ReplicationSession.bytes("16MB")).isEqualTo(16 << 20);
    assertThat(ReplicationSession.bytes("1GB")).isEqualTo(1 << 30);
    assertThat(ReplicationSession.quoted("a\"b")).isEqualTo("\"a\"\"b\"");
  }

  private static WalPosition at(TimelineId timeline, long lsn) {
    return new WalPosition(timeline, lsn);
  }
}
