package org.walstream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
class PositionTest {

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  @Test
  void answersAtOnceWhenThePositionIsBeyondAlready() throws Exception {
    var position = new Position(0x3000000);
    assertThat(position.await(0x2FFFFFF, 0)).isTrue();
    assertThat(position.await(0x3000000, 0)).isFalse();
  }

  @Test
  void comparesUnsigned() throws Exception {
    var position = new Position(0x7FFF_FFFF_FFFF_FFFFL);
    position.advance(0x8000_0000_0000_0000L);
    assertThat(position.await(0x7FFF_FFFF_FFFF_FFFFL, 0)).isTrue();
  }

  @Test
  void givesUpWhenTheTimeIsUp() throws Exception {
    assertThat(new Position(1).await(1, 1_000_000)).isFalse();
  }

  @Test
  void refusesToMoveBack() {
    var position = new Position(0x3000000);
    assertThatThrownBy(() -> position.advance(0x2FFFFFF))
        .hasMessage("position cannot move back from 0/3000000 to 0/2FFFFFF");
  }

  @Test
  void closingLetsWaitersGoUnreached() throws Exception {
    var position = new Position(1);
    Future<Boolean> waiter = started(() -> position.await(1, MINUTE));
    position.close();
    assertThat(waiter.get()).isFalse();
    assertThat(position.await(1, MINUTE)).isFalse();
  }

  @Test
  void failingLetsWaitersGoWithTheCause() throws Exception {
    var position = new Position(2);
    Future<Boolean> waiter = started(() -> position.await(2, MINUTE));
    position.fail(new WalLogFailedException("disk is on fire", new IOException("fire")));
    assertThatThrownBy(waiter::get).cause().isInstanceOf(WalLogFailedException.class);
    assertThatThrownBy(() -> position.await(2, MINUTE)).hasMessage("disk is on fire");
    assertThat(position.await(1, 0)).as("what was reached stays reached").isTrue();
  }

  @Test
  void anInterruptedThreadDoesNotWaitAndStaysInterrupted() throws Exception {
    Thread.currentThread().interrupt();
    assertThat(new Position(1).await(1, MINUTE)).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }

  /// Waiters of both kinds ask for the very next byte again and again while the publisher moves one
  /// byte at a time as soon as somebody has seen the last. One lost wake-up and nobody moves: the
  /// test runs into its time limit.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void losesNoWakeUp(boolean virtual) throws Exception {
    int threads = 8;
    long steps = 5_000;
    var position = new Position(0);
    var seen = new AtomicLong();
    try (ExecutorService waiters =
        virtual
            ? Executors.newVirtualThreadPerTaskExecutor()
            : Executors.newFixedThreadPool(threads)) {
      var results = new ArrayList<Future<Long>>();
      for (int i = 0; i < threads; i++) {
        results.add(
            waiters.submit(() -> {
              long at = 0;
              while (at < steps) {
                assertThat(position.await(at, MINUTE)).isTrue();
                at = position.lsn();
                seen.accumulateAndGet(at, Math::max);
              }
              return at;
            }));
      }
      for (long lsn = 1; lsn <= steps; lsn++) {
        position.advance(lsn);
        while (seen.get() < lsn) {
          LockSupport.parkNanos(1_000); // two cores may have nine threads to run
        }
      }
      for (Future<Long> result : results) {
        assertThat(result.get()).isEqualTo(steps);
      }
    }
  }

  /// The sweep takes the stack away for a moment; a publisher that comes just then must not pass by
  /// those who still wait.
  @Test
  void losesNoWakeUpWhileOthersGiveUp() throws Exception {
    long steps = 2_000;
    var position = new Position(0);
    var done = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 4; i++) {
        var _ =
            threads.submit(() -> {
              while (done.getCount() > 0) {
                position.await(Long.MAX_VALUE, 1_000);
              }
              return null;
            });
      }
      Future<Long> patient =
          threads.submit(() -> {
            long at = 0;
            while (at < steps) {
              assertThat(position.await(at, MINUTE)).isTrue();
              at = position.lsn();
            }
            done.countDown();
            return at;
          });
      for (long lsn = 1; lsn <= steps; lsn++) {
        position.advance(lsn);
        LockSupport.parkNanos(1_000);
      }
      assertThat(patient.get()).isEqualTo(steps);
    }
  }

  private static <T> Future<T> started(Callable<T> task) throws InterruptedException {
    var running = new CountDownLatch(1);
    var result =
        new FutureTask<>(() -> {
          running.countDown();
          return task.call();
        });
    Thread.ofVirtual().start(result);
    running.await();
    return result;
  }
}
