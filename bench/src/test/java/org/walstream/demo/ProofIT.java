package org.walstream.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.walstream.testkit.PostgresServer;

/// A proof that cannot fail proves nothing: each kind of loss must show.
class ProofIT {

  private static final PostgresServer SERVER = PostgresServer.builder(18).create();
  private static final List<Long> ACKNOWLEDGED = List.of(300L, 200L);

  @BeforeAll
  static void start() {
    SERVER.start();
    Load.createTable(SERVER);
  }

  @AfterAll
  static void close() {
    SERVER.close();
  }

  @BeforeEach
  void fill() {
    SERVER.sql("TRUNCATE demo");
    SERVER.sql(
        """
        INSERT INTO demo SELECT worker, id, %s
        FROM generate_series(1, 2) AS worker, generate_series(1, 300) AS id
        """
            .formatted(Load.PAYLOAD));
  }

  @Test
  void holdsWhenEveryAcknowledgedRowIsThere() throws Exception {
    assertThat(Proof.of(SERVER, ACKNOWLEDGED)).isEqualTo(new Proof(500, 500, 500, true, 100));
    assertThat(Proof.of(SERVER, ACKNOWLEDGED).holds()).isTrue();
  }

  @Test
  void missesARow() throws Exception {
    SERVER.sql("DELETE FROM demo WHERE worker = 2 AND id = 200");
    assertThat(Proof.of(SERVER, ACKNOWLEDGED).found()).isEqualTo(499);
    assertThat(Proof.of(SERVER, ACKNOWLEDGED).holds()).isFalse();
  }

  @Test
  void noticesARowThatIsNotWhatWasInserted() throws Exception {
    SERVER.sql("UPDATE demo SET payload = 'x' WHERE worker = 1 AND id = 7");
    assertThat(Proof.of(SERVER, ACKNOWLEDGED).whole()).isEqualTo(499);
    assertThat(Proof.of(SERVER, ACKNOWLEDGED).holds()).isFalse();
  }

  @Test
  void noticesAWrongRowInTheRightPlace() throws Exception {
    SERVER.sql("UPDATE demo SET id = 0 WHERE worker = 1 AND id = 7");
    assertThat(Proof.of(SERVER, ACKNOWLEDGED).checksumRight()).isFalse();
    assertThat(Proof.of(SERVER, ACKNOWLEDGED).holds()).isFalse();
  }
}
