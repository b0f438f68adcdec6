package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.store.segment.PgWalDirectory;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.RecordTypeTable;
import org.walstream.testkit.SqlScript;
import org.walstream.wal.Lsn;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalFormat;
import org.walstream.wal.WalSegmentName;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.WalReader;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgr.UnknownRecord;
import org.walstream.wal.rmgr.WalRecord;
import org.walstream.wal.rmgrdesc.BlockReferenceText;
import org.walstream.wal.rmgrdesc.RecordDescription;
import org.walstream.wal.rmgrdesc.RecordText;
import org.walstream.wal.rmgrdesc.TimestampText;

/// Every record that a server of each version can be made to write, as Walstream reads it and as
/// the server does (pg_walinspect): the same positions, names, lengths, description and block
/// references, all of it to the byte: nothing in PostgreSQL's text is unstable enough to be left
/// out, given the time zone. What was seen is kept in docs/wal-coverage.md, see [WalCoverage].
class WalInspectIT {

  private static final WalSegmentSize SEGMENT = new WalSegmentSize(16 << 20);

  /// How much WAL the server is asked for at a time.
  private static final long CHUNK = 16 << 20;

  private static final Path COVERAGE = Path.of("..", "docs", "wal-coverage.md");

  /// What the texts must have said at least once, beside every type of record: parts that most
  /// records do not have.
  private static final List<String> RARE =
      List.of(
          "(FPW for WAL verification)",
          "method: pglz",
          "fork init",
          "; subxid ov",
          "; subxacts: ",
          "; rels: pg_tblspc/",
          "; rels(commit): base/",
          "; rels(abort): base/",
          "; commit dropped stats: ",
          "; abort dropped stats: ",
          "; relcache init file inval dbid ",
          "; apply_feedback",
          "; sync",
          "; origin: node 1, lsn 1/3000100, at 2026-01-02 03:04:06+00",
          "; 1 xacts: ",
          "für Daten");

  private final Set<String> seen = new TreeSet<>();
  private final Set<String> unsaid = new TreeSet<>(RARE);

  /// The first of each type of record.
  private final Map<String, String> differences = new TreeMap<>();

  private long records;

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void everyRecordIsReadAsTheServerReadsIt(int major) throws Exception {
    try (var server = server(major)) {
      server.sql("CREATE EXTENSION pg_walinspect");
      long start = lsn(server);
      SqlScript.named("every-record.sql").run(server);
      useTablespace(server);
      compare(server, start, TimelineHistory.ofFirst(TimelineId.FIRST));
      useUpTransactions(server, 1_050_000);
      start = lsn(server);
      useUpTransactions(server, 35_000);
      freezeEverything(server);
      writeLittle(server);
      loseTheEndOfARecord(server);
      promote(server);
      compare(server, start, history(server, 2));
    }
    System.out.printf("PostgreSQL %d: %d records, %d types%n", major, records, seen.size());
    assertThat(differences.values()).isEmpty();
    assertThat(unsaid).isEmpty();
    checkCoverage(WalFormat.ofMajorVersion(major).orElseThrow());
  }

  private static PostgresServer server(int major) {
    return PostgresServer.builder(major)
        .initdb("--data-checksums")
        .setting("wal_level", "logical")
        .setting("track_commit_timestamp", "on")
        .setting("max_prepared_transactions", "10")
        .setting("autovacuum", "off")
        .setting("checkpoint_timeout", "1d")
        .setting("max_wal_size", "8GB")
        .setting("wal_keep_size", "8GB")
        .setting("allow_in_place_tablespaces", "on")
        .start();
  }

  /// A tablespace in a directory, whose name the log tells; the server makes it, as it must own it.
  private static void useTablespace(PostgresServer server) {
    Path directory = server.dataDirectory().resolve("für Daten");
    server.makeDirectory(directory);
    server.sql("CREATE TABLESPACE elsewhere LOCATION '%s'".formatted(directory));
    server.sql("CREATE TABLE there (id int PRIMARY KEY) TABLESPACE elsewhere");
    server.sql("DROP TABLE there");
    server.sql("DROP TABLESPACE elsewhere");
  }

  /// A million transactions, not compared one by one, make a segment of pg_xact old; some more
  /// begin a page of it.
  private static void useUpTransactions(PostgresServer server, int count) {
    server.sql("ALTER SYSTEM SET synchronous_commit = off");
    server.reload();
    server.sql(
        """
        DO $$
        BEGIN
          FOR i IN 1..%d LOOP
            PERFORM pg_current_xact_id();
            COMMIT;
          END LOOP;
        END $$\
        """
            .formatted(count));
    server.sql("ALTER SYSTEM RESET synchronous_commit");
    server.reload();
  }

  /// Lets the oldest transactions be forgotten: of pg_xact, pg_commit_ts and pg_multixact.
  private static void freezeEverything(PostgresServer server) throws SQLException {
    server.sql("UPDATE pg_database SET datallowconn = true WHERE datname = 'template0'");
    for (String database : List.of("template0", "template1", "other", "postgres")) {
      String url = server.jdbcUrl().replace("/postgres?", "/" + database + "?");
      try (var connection = DriverManager.getConnection(url, "postgres", "");
          var sql = connection.createStatement()) {
        sql.execute("VACUUM (FREEZE)");
      }
    }
    server.sql("DROP DATABASE other");
  }

  /// With `wal_level = minimal` pages of a new GiST index get positions from records that say
  /// nothing else.
  private static void writeLittle(PostgresServer server) {
    server.set("wal_level", "minimal").set("max_wal_senders", "0").restart();
    server.sql(
        """
        BEGIN;
        CREATE TABLE little (p point);
        CREATE INDEX ON little USING gist (p);
        INSERT INTO little SELECT point(g % 100, g / 100) FROM generate_series(1, 3000) g;
        COMMIT\
        """);
    server.set("wal_level", "logical").set("max_wal_senders", "10").restart();
  }

  /// A crash in the midst of a long record: its end is taken from the file.
  private static void loseTheEndOfARecord(PostgresServer server) throws IOException {
    long start = lsn(server);
    server.sql("SELECT pg_logical_emit_message(false, 'lost', repeat('x', 100000))");
    server.sql("CREATE TABLE before_the_crash (id int)"); // Its commit flushes both.
    server.kill9();
    long cut = (start & -8192) + 2 * 8192;
    var segment = WalSegmentName.containing(TimelineId.FIRST, cut, SEGMENT);
    Path path = server.walDirectory().resolve(segment.fileName());
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(cut - segment.startLsn());
      file.write(new byte[(int) (segment.endLsn() - cut)]);
    }
    server.start();
    server.sql("CREATE TABLE after_the_crash (id int)");
  }

  private static void promote(PostgresServer server) throws IOException {
    server.stopFast();
    Files.createFile(server.dataDirectory().resolve("standby.signal"));
    server.start();
    server.promote();
    server.sql("CREATE TABLE on_the_new_timeline (id int)");
  }

  private static long lsn(PostgresServer server) {
    return Lsn.parse(server.sql("SELECT pg_current_wal_insert_lsn()")).value();
  }

  private static TimelineHistory history(PostgresServer server, int timeline) throws Exception {
    var id = new TimelineId(timeline);
    return TimelineHistory.parse(
        id, Files.readAllBytes(server.walDirectory().resolve(id.historyFileName())));
  }

  /// Compares all records from `start` on.
  private void compare(PostgresServer server, long start, TimelineHistory history)
      throws IOException, SQLException {
    server.sql("CREATE TABLE last_of_%d (id int)".formatted(System.nanoTime()));
    long end = Lsn.parse(server.sql("SELECT pg_current_wal_flush_lsn()")).value();
    try (var wal = PgWalDirectory.open(server.dataDirectory());
        var connection = server.jdbc();
        var sql =
            connection.prepareStatement(
                "SELECT * FROM pg_get_wal_records_info(?::pg_lsn, ?::pg_lsn)")) {
      var reader = new WalReader(wal, SEGMENT, history, wal.systemIdentifier());
      reader.start(start);
      long from = start;
      long chunk = CHUNK;
      while (Lsn.isBefore(from, end)) {
        long to = Math.min(from + chunk, end);
        sql.setString(1, Lsn.format(from));
        sql.setString(2, Lsn.format(to));
        long reached = from;
        try (var rows = sql.executeQuery()) {
          while (rows.next()) {
            compare(rows, reader);
            reached = Lsn.parse(rows.getString("end_lsn")).value();
          }
        }
        if (reached == from && to == end) {
          return;
        }
        chunk = reached == from ? 2 * chunk : CHUNK;
        from = reached;
      }
    }
  }

  private void compare(ResultSet expected, WalReader reader) throws IOException, SQLException {
    String ours =
        switch (reader.next()) {
          case DecodedXLogRecord record -> text(record);
          case Object end -> end.toString();
        };
    String theirs = text(expected);
    String type = expected.getString("resource_manager") + "/" + expected.getString("record_type");
    if (!ours.equals(theirs)) {
      differences.putIfAbsent(type, "\nPostgreSQL: " + theirs + "\nWalstream:  " + ours + "\n");
    }
    seen.add(type);
    unsaid.removeIf(theirs::contains);
    records++;
  }

  private static String text(ResultSet row) throws SQLException {
    return "%s to %s, prev %s, xid %s, %s/%s, %s bytes, main %s, images %s|%s|%s"
        .formatted(
            row.getString("start_lsn"),
            row.getString("end_lsn"),
            row.getString("prev_lsn"),
            row.getString("xid"),
            row.getString("resource_manager"),
            row.getString("record_type"),
            row.getString("record_length"),
            row.getString("main_data_length"),
            row.getString("fpi_length"),
            Objects.requireNonNullElse(row.getString("description"), ""),
            Objects.requireNonNullElse(row.getString("block_ref"), ""));
  }

  private static String text(DecodedXLogRecord record) {
    var description = new RecordText(TimestampText.ofServer());
    WalRecord interpreted = Rmgr.interpret(record);
    RecordDescription.describe(interpreted, description);
    if (interpreted instanceof UnknownRecord unknown) {
      description.utf8(unknown.reason());
    }
    var blocks = new RecordText(TimestampText.ofServer());
    BlockReferenceText.addDetailed(record, blocks);
    Rmgr rmgr = Rmgr.ofId(record.rmgrId());
    String name = rmgr == null ? null : rmgr.recordName(record.format(), record.info());
    return "%s to %s, prev %s, xid %s, %s/%s, %s bytes, main %s, images %s|%s|%s"
        .formatted(
            Lsn.format(record.lsn()),
            Lsn.format(record.endLsn()),
            Lsn.format(record.prevLsn()),
            Integer.toUnsignedString(record.xid()),
            rmgr == null ? record.rmgrId() : rmgr.rmgrName(),
            name == null ? "UNKNOWN (%x)".formatted(record.opcode()) : name,
            record.totalLength(),
            record.main().length(),
            record.imageBytes(),
            description,
            blocks);
  }

  /// The document must say what was seen, and with `-Dwalstream.update.coverage=true` it will.
  private void checkCoverage(WalFormat format) throws IOException {
    String document = Files.exists(COVERAGE) ? Files.readString(COVERAGE) : "";
    RecordTypeTable table = RecordTypeTable.parse(document, List.of(WalCoverage.SEEN));
    Set<String> marked = table.seen(format, WalCoverage.SEEN);
    if (Boolean.getBoolean("walstream.update.coverage")) {
      marked.clear();
      marked.addAll(seen);
      Files.writeString(COVERAGE, WalCoverage.text(table));
      return;
    }
    assertThat(marked).as("seen, by docs/wal-coverage.md").isEqualTo(seen);
    assertThat(document).as("docs/wal-coverage.md").isEqualTo(WalCoverage.text(table));
  }
}
