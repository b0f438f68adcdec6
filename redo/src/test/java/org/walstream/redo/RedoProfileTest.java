package org.walstream.redo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.walstream.wal.WalFormat;

class RedoProfileTest {

  @Test
  void minorVersionsDiffer() {
    assertThat(new RedoProfile(WalFormat.PG_18, 5).heedsVisibilityMapBlocks()).isFalse();
    assertThat(new RedoProfile(WalFormat.PG_18, 6).heedsVisibilityMapBlocks()).isTrue();
    assertThat(new RedoProfile(WalFormat.PG_17, 10).heedsVisibilityMapBlocks()).isFalse();
    assertThat(new RedoProfile(WalFormat.PG_17, 11).heedsVisibilityMapBlocks()).isTrue();
    assertThat(new RedoProfile(WalFormat.PG_15, 17).writesFreeSpaceMap()).isFalse();
    assertThat(new RedoProfile(WalFormat.PG_15, 18).writesFreeSpaceMap()).isTrue();
    assertThat(new RedoProfile(WalFormat.PG_16, 11).writesNextMultiXactOffset()).isFalse();
    assertThat(new RedoProfile(WalFormat.PG_16, 12).writesNextMultiXactOffset()).isTrue();
  }

  @Test
  void majorVersionsDiffer() {
    assertThat(RedoProfile.newest(WalFormat.PG_17).clearsCycleIdOfVacuumedBtreePages()).isFalse();
    assertThat(new RedoProfile(WalFormat.PG_18, 0).clearsCycleIdOfVacuumedBtreePages()).isTrue();
    assertThat(RedoProfile.newest(WalFormat.PG_16).marksUnchangedHashPages()).isTrue();
    assertThat(new RedoProfile(WalFormat.PG_17, 0).marksUnchangedHashPages()).isFalse();
  }

  @Test
  void theNewestIsNoOlderThanAny() {
    for (WalFormat format : WalFormat.values()) {
      assertThat(RedoProfile.newest(format).writesFreeSpaceMap()).isTrue();
      assertThat(RedoProfile.newest(format).writesNextMultiXactOffset()).isTrue();
    }
    assertThat(RedoProfile.newest(WalFormat.PG_18).heedsVisibilityMapBlocks()).isTrue();
    assertThat(RedoProfile.newest(WalFormat.PG_16).heedsVisibilityMapBlocks()).isFalse();
    assertThatThrownBy(() -> new RedoProfile(WalFormat.PG_18, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
