package org.walstream.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/// Keeps what a reader tells, and checks what must hold at every step.
class RecordingObserver implements StreamObserver {

  final ByteArrayOutputStream received = new ByteArrayOutputStream();
  final long startLsn;
  long nextLsn;
  long provenLsn;
  int messages;
  int repliesRequested;
  long endLsn = Long.MAX_VALUE;

  RecordingObserver(long startLsn) {
    this.startLsn = startLsn;
    this.nextLsn = startLsn;
  }

  @Override
  public void wal(long lsn, ByteBuffer wal, long proven) {
    assertThat(lsn).as("pieces are contiguous").isEqualTo(nextLsn);
    assertThat(wal.hasRemaining()).as("no empty pieces").isTrue();
    nextLsn += wal.remaining();
    provenLsn = proven;
    byte[] bytes = new byte[wal.remaining()];
    wal.get(bytes);
    received.writeBytes(bytes);
  }

  @Override
  public void message(long walEndLsn, long sendTimeMicros) {
    messages++;
  }

  @Override
  public void replyRequested() {
    repliesRequested++;
  }

  @Override
  public boolean enough(long lsn) {
    return lsn > endLsn;
  }
}
