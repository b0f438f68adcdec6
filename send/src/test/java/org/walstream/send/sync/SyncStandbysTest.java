package org.walstream.send.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.walstream.send.sync.SyncStandbys.Standby;

class SyncStandbysTest {

  /// `b` is ahead, `catchup` has not caught up, `silent` says of nothing that it is flushed.
  private static final List<Standby> STANDBYS =
      List.of(
          new Standby(1, "a", true, 100),
          new Standby(2, "b", true, 300),
          new Standby(3, "c", true, 200),
          new Standby(4, "catchup", false, 400),
          new Standby(5, "silent", true, 0));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FIRST 1 (a, b, c) | 1 sync, 2 potential, 3 potential, 0 async, 0 async | 100",
        "FIRST 2 (c, b, a) | 3 potential, 2 sync, 1 sync, 0 async, 0 async | 200",
        "FIRST 2 (catchup, b, c) | 0 async, 2 sync, 3 sync, 1 potential, 0 async | 200",
        "FIRST 2 (silent, b, c) | 0 async, 2 sync, 3 sync, 0 async, 0 async | 200",
        "ANY 1 (a, b, c) | 1 quorum, 1 quorum, 1 quorum, 0 async, 0 async | 300",
        "ANY 2 (a, b, c) | 1 quorum, 1 quorum, 1 quorum, 0 async, 0 async | 200",
        "ANY 3 (*) | 1 quorum, 1 quorum, 1 quorum, 1 potential, 0 async | 100",
        "ANY 4 (*) | 1 quorum, 1 quorum, 1 quorum, 1 potential, 0 async | -",
        "nobody | 0 async, 0 async, 0 async, 0 async, 0 async | -",
        "FIRST 1 (*) | 1 sync, 1 potential, 1 potential, 1 potential, 0 async | 100"
      })
  void whoCountsAndHowFarTheyAre(String names, String states, String flushed) throws Exception {
    var standbys = SyncStandbys.among(Optional.of(StandbyNames.parse(names)), STANDBYS);
    assertThat(
            STANDBYS.stream()
                .map(standby -> standbys.priority(standby) + " " + standbys.state(standby))
                .collect(Collectors.joining(", ")))
        .isEqualTo(states);
    var lsn = standbys.flushedLsn();
    assertThat(lsn.isPresent() ? String.valueOf(lsn.getAsLong()) : "-").isEqualTo(flushed);
  }

  @Test
  void whereNobodyWaitsAllAreAsynchronous() {
    var standbys = SyncStandbys.among(Optional.empty(), STANDBYS);
    assertThat(STANDBYS).allMatch(standby -> standbys.state(standby).equals("async"));
    assertThat(standbys.flushedLsn()).isEmpty();
  }

  @Test
  void positionsBeyondTheMiddleAreStillLater() throws Exception {
    var far = List.of(new Standby(1, "a", true, Long.MIN_VALUE), new Standby(2, "b", true, 1));
    var standbys = SyncStandbys.among(Optional.of(StandbyNames.parse("ANY 1 (*)")), far);
    assertThat(standbys.flushedLsn()).hasValue(Long.MIN_VALUE);
  }
}
