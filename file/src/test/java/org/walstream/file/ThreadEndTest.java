package org.walstream.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ThreadEndTest {

  @Test
  void anInterruptIsKeptUntilTheThreadHasEnded() throws Exception {
    var goOn = new CountDownLatch(1);
    Thread working =
        Thread.ofPlatform()
            .start(() -> {
              try {
                goOn.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    boolean[] interrupted = new boolean[1];
    Thread waiting =
        Thread.ofPlatform()
            .start(() -> {
              Thread.currentThread().interrupt();
              ThreadEnd.await(working);
              interrupted[0] = Thread.currentThread().isInterrupted() && !working.isAlive();
            });
    waiting.join(100);
    assertThat(waiting.isAlive()).isTrue();
    goOn.countDown();
    waiting.join();
    assertThat(interrupted[0]).isTrue();
  }
}
