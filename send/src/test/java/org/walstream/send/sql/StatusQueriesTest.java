package org.walstream.send.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.file.FileLayer;
import org.walstream.send.Answer;
import org.walstream.send.ClientIdentity;
import org.walstream.send.RowSet;
import org.walstream.send.guc.GucException;
import org.walstream.send.guc.SessionParameters;
import org.walstream.send.slot.ReplicationSlots;
import org.walstream.send.slot.RetentionHorizon;
import org.walstream.send.slot.RetentionHorizon.Limits;
import org.walstream.store.StoreOptions;
import org.walstream.store.WalStore;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wire.server.ServerError;

class StatusQueriesTest {

  private static final Instant START = Instant.parse("2026-11-24T10:00:00.25Z");
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 50000);
  private static final long SEGMENT = 0x3000000;

  @TempDir Path directory;
  private WalStore store;
  private ReplicationSlots slots;
  private StatusQueries queries;
  private final List<Standby> standbys = new ArrayList<>();
  private Optional<Upstream> upstream = Optional.empty();

  @BeforeEach
  void open() throws Exception {
    store = WalStore.open(Files.createDirectory(directory.resolve("wal")), StoreOptions.DEFAULT);
    slots = ReplicationSlots.open(directory.resolve("slots"), FileLayer.system(), () -> 10);
    queries =
        new StatusQueries(
            store, slots, new RetentionHorizon(slots, () -> Limits.DEFAULT), new Source());
  }

  @AfterEach
  void close() throws Exception {
    store.close();
  }

  @Test
  void standbyIsARowOfPgStatReplication() throws Exception {
    standbys.add(
        new Standby(
            client(LOOPBACK),
            7L << 32 | 731,
            "streaming",
            0x3000060,
            0x3000050,
            0x3000040,
            0,
            1_500_000,
            3_723_000_000_000L,
            -1,
            817_293_600_000_000L));
    RowSet rows = rows("select * from pg_catalog.pg_stat_replication;", true);
    assertThat(rows.tag()).isEqualTo("SELECT 1");
    assertThat(text(rows))
        .containsExactly(
            "4711||rep|standby1|127.0.0.1||50000|2026-11-24 10:00:00.25+00|731|streaming|0/3000060"
                + "|0/3000050|0/3000040||00:00:00.0015|01:02:03||0|async|2025-11-24 10:00:00+00");
  }

  @Test
  void whoMayNotMonitorSeesOnlyThatSomebodyIsThere() throws Exception {
    standbys.add(
        new Standby(
            client(UnixDomainSocketAddress.of("")), 0, "startup", 0, 0, 0, 0, -1, -1, -1, 0));
    assertThat(text(rows("SELECT * FROM pg_stat_replication", false)))
        .containsExactly("4711" + "|".repeat(19));
    assertThat(text(rows("SELECT client_addr, client_port FROM pg_stat_replication", true)))
        .containsExactly("|-1");
  }

  @Test
  void columnsAreThoseAskedFor() throws Exception {
    slots.create("s1", false, SEGMENT, 1);
    slots.create("s2", true, 0, 99);
    RowSet rows =
        rows(
            "SELECT Slot_Name, \"active\", active_pid, restart_lsn FROM pg_replication_slots",
            true);
    assertThat(rows.columns())
        .containsExactly(
            new RowSet.Column("slot_name", RowSet.Type.NAME),
            new RowSet.Column("active", RowSet.Type.BOOL),
            new RowSet.Column("active_pid", RowSet.Type.INT4),
            new RowSet.Column("restart_lsn", RowSet.Type.PG_LSN));
    assertThat(text(rows)).containsExactly("s1|f||0/3000000", "s2|t|99|");
    assertRefused(
        "42703", "column \"nope\" does not exist", "SELECT nope FROM pg_replication_slots");
  }

  @Test
  void slotsTellWhatIsLeftOfTheirWal() throws Exception {
    receive(100);
    slots.create("s1", false, SEGMENT, 1);
    assertThat(
            text(
                rows(
                    "SELECT wal_status, safe_wal_size, invalidation_reason FROM pg_replication_slots",
                    true)))
        .containsExactly("reserved||");
  }

  @Test
  void upstreamIsTheRowOfPgStatWalReceiver() throws Exception {
    assertThat(rows("SELECT * FROM pg_stat_wal_receiver", true).rows()).isEmpty();
    upstream =
        Optional.of(
            new Upstream(
                "streaming",
                SEGMENT,
                1,
                SEGMENT + 0x60,
                SEGMENT,
                1,
                Optional.of(START),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.of("relay1"),
                Optional.of("127.0.0.1"),
                5432,
                "host=127.0.0.1"));
    String pid = Long.toString(ProcessHandle.current().pid());
    assertThat(text(rows("SELECT * FROM pg_stat_wal_receiver", true)))
        .containsExactly(
            pid
                + "|streaming|0/3000000|1|0/3000060|0/3000000|1|2026-11-24 10:00:00.25+00||||relay1"
                + "|127.0.0.1|5432|host=127.0.0.1");
    assertThat(text(rows("SELECT * FROM pg_stat_wal_receiver", false)))
        .containsExactly(pid + "|".repeat(14));
  }

  @Test
  void functionsAnswerWithTheirTypes() throws Exception {
    assertThat(text(rows("SELECT pg_last_wal_receive_lsn()", false))).containsExactly("");
    receive(0x60);
    RowSet rows =
        rows(
            "SELECT pg_is_in_recovery(), pg_catalog.pg_current_wal_flush_lsn() AS lsn, 1, 'x' y",
            false);
    assertThat(rows.columns())
        .containsExactly(
            new RowSet.Column("pg_is_in_recovery", RowSet.Type.BOOL),
            new RowSet.Column("lsn", RowSet.Type.PG_LSN),
            new RowSet.Column("?column?", RowSet.Type.INT4),
            new RowSet.Column("y", RowSet.Type.TEXT));
    assertThat(text(rows)).containsExactly("t|0/3000060|1|x");
    assertThat(text(rows("SELECT version()", false)))
        .containsExactly("PostgreSQL 18.6 (Walstream)");
    assertThat(text(rows("SELECT pg_catalog.set_config('search_path', '', false)", false)))
        .containsExactly("");
    assertThat(text(rows("SELECT current_user, current_database(), pg_backend_pid()", false)))
        .containsExactly("rep|walstream|4711");
  }

  @Test
  void showAnswersConfigurationAndWhatClientsExpect() throws Exception {
    assertThat(text(rows("SHOW Max_WAL_Senders", false))).containsExactly("500");
    assertThat(rows("SHOW server_version_num", false).columns())
        .containsExactly(new RowSet.Column("server_version_num", RowSet.Type.TEXT));
    assertThat(text(rows("SHOW server_version_num", false))).containsExactly("180006");
    assertThat(text(rows("SHOW application_name", false))).containsExactly("standby1");
    assertThat(text(rows("SHOW TIME ZONE", false))).containsExactly("UTC");
    assertRefused("42704", "unrecognized configuration parameter \"nope\"", "SHOW nope");
    receive(1);
    assertThat(text(rows("SHOW wal_segment_size", false))).containsExactly("16MB");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET extra_float_digits = 3",
        "set session application_name to 'monitor'",
        "SET client_encoding TO 'UTF8'",
        "SET DateStyle=ISO, MDY",
        "SET standard_conforming_strings = on",
        "SET TIME ZONE 'Europe/Berlin'",
        "SET extra_float_digits = -1",
        "SET search_path = public, \"x\""
      })
  void settingsThatDriversSendAreTaken(String sql) throws Exception {
    assertThat(queries.answer(sql, session(false))).containsExactly(new Answer.Done("SET"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SET client_encoding = LATIN1 | 0A000",
        "SET wal_level = minimal | 55P02",
        "SET nope = 1 | 42704",
        "SELECT * FROM pg_class | 0A000",
        "SELECT * FROM pg_stat_replication WHERE pid = 1 | 0A000",
        "SELECT count(*) FROM pg_stat_replication | 0A000",
        "SELECT * FROM public.pg_stat_replication | 0A000",
        "SELECT pg_sleep(1) | 0A000",
        "SELECT 99999999999 | 0A000",
        "SELECT | 0A000",
        "INSERT INTO t VALUES (1) | 0A000",
        "BEGIN | 0A000",
        "SELECT $$x$$ | 0A000",
        "SELECT 'x | 42601",
        "/* x | 42601"
      })
  void everythingElseIsRefused(String sql, String sqlState) {
    assertThatThrownBy(() -> queries.answer(sql, session(true)))
        .isInstanceOf(ServerError.class)
        .extracting(e -> ((ServerError) e).diagnostic().sqlState())
        .isEqualTo(sqlState);
  }

  @Test
  void statementsOfOneStringAreAnsweredInOrder() throws Exception {
    var session = session(false);
    var answers =
        queries.answer(
            "SET application_name = 'a;b'; -- a comment; with ; in it\n ;; SHOW /* nested /* */ */ application_name",
            session);
    assertThat(answers).hasSize(2).first().isEqualTo(new Answer.Done("SET"));
    assertThat(text(((Answer.Rows) answers.get(1)).rows())).containsExactly("a;b");
    assertThat(queries.answer(" ; /* nothing */ ", session)).containsExactly(new Answer.Nothing());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anyTextIsAnsweredOrRefused(long seed) {
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    String[] pieces = {
      "select",
      "*",
      "from",
      "pg_stat_replication",
      "pg_catalog",
      ".",
      ",",
      ";",
      "(",
      ")",
      "'",
      "''",
      "\"",
      "show",
      "set",
      "=",
      "to",
      "1",
      "-",
      "/*",
      "*/",
      "--",
      "\n",
      "pg_is_in_recovery",
      "as",
      "é",
      "$1",
      "time",
      "zone",
      "set_config",
      "search_path"
    };
    for (int i = 0; i < 20_000; i++) {
      var sql = new StringBuilder();
      for (int j = random.nextInt(12); j > 0; j--) {
        sql.append(pieces[random.nextInt(pieces.length)]).append(random.nextBoolean() ? " " : "");
      }
      try {
        assertThat(queries.answer(sql.toString(), session(true))).isNotEmpty();
      } catch (ServerError expected) {
        assertThat(expected.diagnostic().sqlState()).as("seed %d: %s", seed, sql).hasSize(5);
      }
    }
  }

  private void receive(int bytes) throws Exception {
    var log = store.openLog(1, WalSegmentSize.DEFAULT, TimelineId.FIRST, SEGMENT);
    log.append(SEGMENT, ByteBuffer.allocateDirect(bytes));
    log.requestFlush();
    assertThat(log.awaitFlushed(SEGMENT + bytes - 1, 60_000_000_000L)).isTrue();
  }

  private RowSet rows(String sql, boolean monitor) throws ServerError {
    List<Answer> answers = queries.answer(sql, session(monitor));
    assertThat(answers).hasSize(1);
    return ((Answer.Rows) answers.getFirst()).rows();
  }

  private void assertRefused(String sqlState, String message, String sql) {
    assertThatThrownBy(() -> queries.answer(sql, session(true)))
        .isInstanceOf(ServerError.class)
        .hasMessage(message)
        .extracting(e -> ((ServerError) e).diagnostic().sqlState())
        .isEqualTo(sqlState);
  }

  /// The rows as `psql -At` prints them.
  private static List<String> text(RowSet rows) {
    return rows.rows().stream()
        .map(row -> String.join("|", row.stream().map(StatusQueriesTest::orEmpty).toList()))
        .toList();
  }

  private static String orEmpty(@Nullable String value) {
    return value == null ? "" : value;
  }

  private SqlSession session(boolean monitor) {
    var shown = new ServerParameters(store, new Source());
    var parameters = new SessionParameters(shown::show, "rep");
    try {
      parameters.setAtStart("application_name", "standby1");
    } catch (GucException e) {
      throw new AssertionError(e);
    }
    return new SqlSession(client(LOOPBACK), parameters, monitor);
  }

  private static ClientIdentity client(SocketAddress address) {
    return new ClientIdentity(4711, "rep", "walstream", "standby1", address, START);
  }

  private final class Source implements StatusSource {
    @Override
    public List<Standby> standbys() {
      return standbys;
    }

    @Override
    public Optional<Upstream> upstream() {
      return upstream;
    }

    @Override
    public Optional<String> show(String name) {
      return name.equals("max_wal_senders") ? Optional.of("500") : Optional.empty();
    }

    @Override
    public String serverVersion() {
      return "18.6 (Walstream)";
    }
  }
}
