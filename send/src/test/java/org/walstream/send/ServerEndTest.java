package org.walstream.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.wire.SqlState;
import org.walstream.wire.client.PgClient;
import org.walstream.wire.server.ServerError;

/// Who waits for the end of a server may take its directory away, or give it to another.
@Timeout(600)
class ServerEndTest {

  /// Longer than clients are given to hear that it ends.
  private static final Duration LONG = Duration.ofMillis(2_500);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final AtomicBoolean ended = new AtomicBoolean();

  @Test
  void aServerThatHasEndedHasNoSessionAtWork(@TempDir Path directory) throws Exception {
    try (var fixture =
            new ServerFixture(directory, server -> (sql, parameterTypes, session) -> work());
        var client = fixture.connect(fixture.conninfo("trusted") + " dbname=x")) {
      Thread.ofPlatform().daemon().start(() -> ask(client));
      asked.await();
      fixture.server.close();
      assertThat(ended).isTrue();
    }
  }

  /// What hears of no end.
  private Prepared work() throws ServerError {
    asked.countDown();
    try {
      Thread.sleep(LONG);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    ended.set(true);
    throw ServerError.error(SqlState.FEATURE_NOT_SUPPORTED, "and nothing comes of it");
  }

  private static void ask(PgClient client) {
    try {
      client.query("SELECT 1");
    } catch (IOException e) {
      // the server has ended
    }
  }
}
