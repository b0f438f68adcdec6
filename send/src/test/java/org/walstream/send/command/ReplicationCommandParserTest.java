package org.walstream.send.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.send.command.ReplicationCommand.AlterSlot;
import org.walstream.send.command.ReplicationCommand.BaseBackup;
import org.walstream.send.command.ReplicationCommand.CreateSlot;
import org.walstream.send.command.ReplicationCommand.DropSlot;
import org.walstream.send.command.ReplicationCommand.IdentifySystem;
import org.walstream.send.command.ReplicationCommand.ReadSlot;
import org.walstream.send.command.ReplicationCommand.Show;
import org.walstream.send.command.ReplicationCommand.Sql;
import org.walstream.send.command.ReplicationCommand.StartLogicalReplication;
import org.walstream.send.command.ReplicationCommand.StartReplication;
import org.walstream.send.command.ReplicationCommand.TimelineHistory;
import org.walstream.send.command.ReplicationCommand.UploadManifest;
import org.walstream.wal.TimelineId;
import org.walstream.wire.server.ServerError;

class ReplicationCommandParserTest {

  @Test
  void commandsAsPostgresToolsSendThem() throws Exception {
    var commands =
        Map.ofEntries(
            Map.entry("IDENTIFY_SYSTEM", new IdentifySystem()),
            Map.entry("SHOW wal_segment_size", new Show("wal_segment_size")),
            Map.entry("show walstream.verify_wal;", new Show("walstream.verify_wal")),
            Map.entry("TIMELINE_HISTORY 2", new TimelineHistory(new TimelineId(2))),
            Map.entry("TIMELINE_HISTORY 4294967295", new TimelineHistory(new TimelineId(-1))),
            Map.entry(
                "CREATE_REPLICATION_SLOT \"s1\" PHYSICAL",
                new CreateSlot("s1", false, false, false)),
            Map.entry(
                "CREATE_REPLICATION_SLOT \"s1\" TEMPORARY PHYSICAL RESERVE_WAL",
                new CreateSlot("s1", true, false, true)),
            Map.entry(
                "CREATE_REPLICATION_SLOT \"s1\" PHYSICAL ( RESERVE_WAL)",
                new CreateSlot("s1", false, false, true)),
            Map.entry(
                "CREATE_REPLICATION_SLOT S1 PHYSICAL (reserve_wal 'off')",
                new CreateSlot("s1", false, false, false)),
            Map.entry(
                "CREATE_REPLICATION_SLOT s LOGICAL pgoutput (SNAPSHOT 'nothing', TWO_PHASE)",
                new CreateSlot("s", false, true, false)),
            Map.entry("ALTER_REPLICATION_SLOT s ( FAILOVER true )", new AlterSlot("s")),
            Map.entry("READ_REPLICATION_SLOT \"s\"", new ReadSlot("s")),
            Map.entry("DROP_REPLICATION_SLOT s WAIT", new DropSlot("s", true)),
            Map.entry("DROP_REPLICATION_SLOT \"wait\"", new DropSlot("wait", false)),
            Map.entry(
                "START_REPLICATION 16/B374D848 TIMELINE 3",
                new StartReplication(
                    Optional.empty(), 0x16B374D848L, Optional.of(new TimelineId(3)))),
            Map.entry(
                "START_REPLICATION SLOT \"pg_walreceiver_7\" 0/3000000 TIMELINE 1",
                new StartReplication(
                    Optional.of("pg_walreceiver_7"), 0x3000000, Optional.of(TimelineId.FIRST))),
            Map.entry(
                "start_replication physical 0/0",
                new StartReplication(Optional.empty(), 0, Optional.empty())),
            Map.entry(
                "START_REPLICATION SLOT x LOGICAL 0/1 (proto_version '1', publication_names '\"p\"')",
                new StartLogicalReplication("x")),
            Map.entry("BASE_BACKUP ( LABEL 'x', WAIT 0 )", new BaseBackup()),
            Map.entry("UPLOAD_MANIFEST", new UploadManifest()),
            Map.entry("SELECT $1::text || 'é'", new Sql("SELECT $1::text || 'é'")),
            Map.entry("", new Sql("")));
    for (var command : commands.entrySet()) {
      assertThat(parse(command.getKey())).as(command.getKey()).isEqualTo(command.getValue());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "IDENTIFY_SYSTEM now",
        "SHOW",
        "SHOW a.",
        "TIMELINE_HISTORY x",
        "TIMELINE_HISTORY 4294967296",
        "CREATE_REPLICATION_SLOT s",
        "CREATE_REPLICATION_SLOT 's' PHYSICAL",
        "CREATE_REPLICATION_SLOT s PHYSICAL (RESERVE_WAL",
        "DROP_REPLICATION_SLOT",
        "START_REPLICATION",
        "START_REPLICATION 0/100000000",
        "START_REPLICATION 0/1 TIMELINE",
        "START_REPLICATION SLOT \"\" 0/1",
        "START_REPLICATION LOGICAL 0/1",
        "START_REPLICATION 0/1 $"
      })
  void anythingElseIsASyntaxError(String command) {
    assertThatThrownBy(() -> parse(command))
        .isInstanceOf(ServerError.class)
        .hasMessage("syntax error")
        .extracting(e -> ((ServerError) e).diagnostic().sqlState())
        .isEqualTo("42601");
  }

  @Test
  void whatIsWrongWithAnOptionIsSaid() {
    assertThatThrownBy(() -> parse("TIMELINE_HISTORY 0")).hasMessage("invalid timeline 0");
    assertThatThrownBy(() -> parse("CREATE_REPLICATION_SLOT s PHYSICAL USE_SNAPSHOT"))
        .hasMessage("conflicting or redundant options");
    assertThatThrownBy(() -> parse("CREATE_REPLICATION_SLOT s PHYSICAL (reserve_wal x)"))
        .hasMessage("reserve_wal requires a Boolean value");
  }

  @Test
  void aMegabyteInQuotesIsANameLikeAnyOther() throws Exception {
    String name = "x\"\"".repeat(1 << 18);
    assertThat(parse("READ_REPLICATION_SLOT \"" + name + "\""))
        .isEqualTo(new ReadSlot(name.replace("\"\"", "\"").substring(0, 63)));
    assertThat(parse("CREATE_REPLICATION_SLOT s LOGICAL p (a '" + "y".repeat(1 << 20) + "')"))
        .isEqualTo(new CreateSlot("s", false, true, false));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anyTextIsACommandOrAnError(long seed) {
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    String[] pieces = {
      "START_REPLICATION",
      "SLOT",
      "PHYSICAL",
      "LOGICAL",
      "TIMELINE",
      "0/1",
      "1",
      "99999999999",
      "x",
      "\"x\"",
      "'x'",
      "(",
      ")",
      ",",
      ";",
      "CREATE_REPLICATION_SLOT",
      "SHOW",
      ".",
      "é",
      "$",
      "\"",
      "\n",
      "RESERVE_WAL",
      "BASE_BACKUP",
      "DROP_REPLICATION_SLOT"
    };
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int j = random.nextInt(10); j > 0; j--) {
        text.append(pieces[random.nextInt(pieces.length)]).append(random.nextBoolean() ? " " : "");
      }
      try {
        assertThat(parse(text.toString())).isNotNull();
      } catch (ServerError expected) {
        assertThat(expected.diagnostic().sqlState())
            .as("seed %d: %s", seed, text)
            .isEqualTo("42601");
      }
    }
  }

  @Test
  void cutsNamesAsPostgresqlDoesAndSaysSo() throws Exception {
    var tooLong = new ArrayList<String>();
    String name = "s".repeat(61) + "üx"; // ü ends at byte 63
    assertThat(ReplicationCommandParser.parse("READ_REPLICATION_SLOT " + name, tooLong::add))
        .isEqualTo(new ReplicationCommand.ReadSlot("s".repeat(61) + "ü"));
    assertThat(tooLong).containsExactly(name);
  }

  private static ReplicationCommand parse(String command) throws ServerError {
    return ReplicationCommandParser.parse(command, name -> {});
  }
}
