package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.PostgresTools;
import org.walstream.wal.control.ControlFile;

/// `walstream controldata` beside pg_controldata where that is here, and beside what the server
/// itself says over SQL.
class ControlDataIT {

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void saysWhatTheServerSays(int major) {
    try (var server = PostgresServer.builder(major).walSegmentMegabytes(4).start()) {
      server.sql("CREATE TABLE t AS SELECT generate_series(1, 100) i");
      server.sql("CHECKPOINT");
      String ours = controldata(server.dataDirectory()).output();
      for (String row : facts(server).split("\n", -1)) {
        assertThat(ours).contains(row + "\n");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void printsTheBytesOfPgControldata(int major) {
    Optional<PostgresTools> tools = tools(major);
    try (var server = PostgresServer.builder(major).start()) {
      assertSame(tools, server);
      server.stopFast();
      assertSame(tools, server);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void theLibraryWritesTheBytesOfTheServer(int major) throws Exception {
    try (var server = PostgresServer.builder(major).walSegmentMegabytes(4).start()) {
      Path file = server.dataDirectory().resolve("global/pg_control");
      byte[] running = Files.readAllBytes(file);
      assertThat(ControlFile.parse(running).toBytes()).isEqualTo(running);
      server.stopFast();
      byte[] stopped = Files.readAllBytes(file);
      assertThat(ControlFile.parse(stopped).toBytes()).isEqualTo(stopped);
    }
  }

  @Test
  void flagsAWrongChecksumAndPrintsAllTheSame(@TempDir Path directory) throws IOException {
    try (var server = PostgresServer.builder(18).start()) {
      server.stopFast();
      byte[] bytes = Files.readAllBytes(server.dataDirectory().resolve("global/pg_control"));
      bytes[180] ^= 1; // max_connections
      Files.createDirectory(directory.resolve("global"));
      Files.write(directory.resolve("global/pg_control"), bytes);
    }
    Ran ours = controldata(directory);
    assertThat(ours.exitCode()).isZero();
    assertThat(ours.errors())
        .isEqualTo(
            """
            walstream controldata: warning: calculated CRC checksum does not match value stored in control file
            walstream controldata: detail: Either the control file is corrupt, or it has a different layout than this program is expecting.  The results below are untrustworthy.
            """);
    assertThat(ours.output()).contains("max_connections setting:              101\n");
    tools(18)
        .ifPresent(there ->
            assertThat(there.run("pg_controldata", directory.toString())).endsWith(ours.output()));
  }

  /// Everything that a field can be, beside the tool itself where that is here.
  @Test
  void showsACorruptedFileAsFarAsItGoes(@TempDir Path directory) throws IOException {
    byte[] good;
    try (var server = PostgresServer.builder(18).start()) {
      server.stopFast();
      good = Files.readAllBytes(server.dataDirectory().resolve("global/pg_control"));
    }
    Path file = Files.createDirectory(directory.resolve("global")).resolve("pg_control");
    for (byte[] corrupted : corruptions(good)) {
      Files.write(file, corrupted);
      Ran ours = Ran.as("pg_controldata", directory.toString());
      assertThat(ours.exitCode()).isZero();
      assertThat(ours.output().lines()).hasSize(51);
      assertThat(ours.errors())
          .contains(
              "pg_controldata: warning: calculated CRC checksum does not match value stored in"
                  + " control file\n");
      tools(18)
          .ifPresent(there ->
              assertThat(ours.errors() + ours.output())
                  .isEqualTo(there.run("pg_controldata", directory.toString())));
    }
  }

  private static List<byte[]> corruptions(byte[] good) {
    var corruptions = new ArrayList<byte[]>();
    corruptions.add(new byte[good.length]);
    byte[] ones = new byte[good.length];
    Arrays.fill(ones, (byte) 0xFF);
    corruptions.add(ones);
    for (int segmentBytes : new int[] {1, 3, 100_000, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      corruptions.add(with(good, 228, segmentBytes));
    }
    for (int at = 8; at < ControlFile.LENGTH; at += 4) {
      for (int value : new int[] {0, -2, 0x0007_0000, 0x0102_0304}) {
        if (at != 8 || value == 0x0007_0000 || value == 0x0102_0304) {
          corruptions.add(with(good, at, value));
        }
      }
    }
    corruptions.removeIf(bytes -> Arrays.equals(bytes, good));
    return corruptions;
  }

  private static byte[] with(byte[] good, int at, int value) {
    byte[] bytes = good.clone();
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
    return bytes;
  }

  @Test
  void endsAtAFileThatIsNotWhole(@TempDir Path directory) throws IOException {
    Path file = Files.createDirectory(directory.resolve("global")).resolve("pg_control");
    for (int length : new int[] {0, 1, ControlFile.LENGTH - 1}) {
      Files.write(file, new byte[length]);
      assertThat(Ran.as("pg_controldata", directory.toString()))
          .isEqualTo(
              new Ran(
                  1,
                  "",
                  "pg_controldata: error: could not read file \"%s\": read %d of 296\n"
                      .formatted(file, length)));
    }
    Files.delete(file);
    Files.createDirectory(file);
    assertThat(Ran.as("pg_controldata", directory.toString()))
        .isEqualTo(
            new Ran(
                1,
                "",
                "pg_controldata: error: could not read file \"%s\": Is a directory\n"
                    .formatted(file)));
  }

  @Test
  void refusesADirectoryWithoutControlFile(@TempDir Path directory) {
    assertThat(controldata(directory))
        .isEqualTo(
            new Ran(
                1,
                "",
                "walstream controldata: error: could not open file \"%s/global/pg_control\" for reading: No such file or directory\n"
                    .formatted(directory)));
  }

  private static Optional<PostgresTools> tools(int major) {
    return PostgresTools.forTest(major, "pg_controldata");
  }

  private static void assertSame(Optional<PostgresTools> tools, PostgresServer server) {
    Ran ours = controldata(server.dataDirectory());
    assertThat(ours.exitCode()).isZero();
    assertThat(ours.errors()).isEmpty();
    // Where no tool of this version is: the labels at least, in their order.
    if (tools.isPresent()) {
      assertThat(ours.output())
          .isEqualTo(tools.get().run("pg_controldata", server.dataDirectory().toString()));
    } else {
      assertThat(ours.output().lines()).hasSizeBetween(50, 53);
    }
  }

  /// What the four functions tell, in pg_controldata's words.
  private static String facts(PostgresServer server) {
    return server.sql(
        """
        SELECT concat_ws(E'\\n',
          format('pg_control version number:            %s', s.pg_control_version),
          format('Catalog version number:               %s', s.catalog_version_no),
          format('Database system identifier:           %s', s.system_identifier),
          format('Latest checkpoint location:           %s', c.checkpoint_lsn),
          format('Latest checkpoint''s REDO location:    %s', c.redo_lsn),
          format('Latest checkpoint''s REDO WAL file:    %s', c.redo_wal_file),
          format('Latest checkpoint''s TimeLineID:       %s', c.timeline_id),
          format('Latest checkpoint''s NextXID:          %s', c.next_xid),
          format('Latest checkpoint''s NextOID:          %s', c.next_oid),
          format('Latest checkpoint''s NextMultiXactId:  %s', c.next_multixact_id),
          format('Latest checkpoint''s NextMultiOffset:  %s', c.next_multi_offset),
          format('Latest checkpoint''s oldestXID:        %s', c.oldest_xid),
          format('Latest checkpoint''s oldestXID''s DB:   %s', c.oldest_xid_dbid),
          format('Latest checkpoint''s oldestActiveXID:  %s', c.oldest_active_xid),
          format('Latest checkpoint''s oldestMultiXid:   %s', c.oldest_multi_xid),
          format('Latest checkpoint''s oldestMulti''s DB: %s', c.oldest_multi_dbid),
          format('Minimum recovery ending location:     %s', r.min_recovery_end_lsn),
          format('Min recovery ending loc''s timeline:   %s', r.min_recovery_end_timeline),
          format('Backup start location:                %s', r.backup_start_lsn),
          format('Maximum data alignment:               %s', i.max_data_alignment),
          format('Database block size:                  %s', i.database_block_size),
          format('Blocks per segment of large relation: %s', i.blocks_per_segment),
          format('WAL block size:                       %s', i.wal_block_size),
          format('Bytes per WAL segment:                %s', i.bytes_per_wal_segment),
          format('Maximum length of identifiers:        %s', i.max_identifier_length),
          format('Maximum columns in an index:          %s', i.max_index_columns),
          format('Maximum size of a TOAST chunk:        %s', i.max_toast_chunk_size),
          format('Size of a large-object chunk:         %s', i.large_object_chunk_size),
          format('Data page checksum version:           %s', i.data_page_checksum_version))
        FROM pg_control_system() s, pg_control_checkpoint() c, pg_control_recovery() r,
             pg_control_init() i
        """);
  }

  private static Ran controldata(Path directory) {
    return Ran.walstream("controldata", "-D", directory.toString());
  }
}
