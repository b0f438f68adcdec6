package org.walstream.observe.fuzz;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.walstream.observe.sql.catalog.Catalog;
import org.walstream.observe.sql.dialect.Translator;
import org.walstream.observe.sql.json.JsonNode;
import org.walstream.observe.sql.json.JsonReader;
import org.walstream.send.command.ReplicationCommandParser;
import org.walstream.send.hba.HbaException;
import org.walstream.send.hba.HbaFile;
import org.walstream.send.sync.StandbyNames;
import org.walstream.send.sync.StandbyNamesException;
import org.walstream.wal.TimelineHistory;
import org.walstream.wal.TimelineId;
import org.walstream.wal.WalSegmentSize;
import org.walstream.wal.control.BackupLabel;
import org.walstream.wal.control.ControlFile;
import org.walstream.wal.control.TablespaceMap;
import org.walstream.wal.record.WalVerifier;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.ConnInfoException;
import org.walstream.wire.message.BackendMessage;
import org.walstream.wire.message.FrontendMessage;
import org.walstream.wire.message.StartupPacket;
import org.walstream.wire.replication.SenderMessage;
import org.walstream.wire.replication.StandbyMessage;
import org.walstream.wire.server.ServerError;

/// What strangers can hand to us, and what reads it: any bytes are read, or refused in the declared
/// way; nothing else may come out.
enum FuzzTarget {
  /// A tag, and the body of a message of that tag in either direction.
  MESSAGE {
    @Override
    void feed(byte[] bytes) {
      if (bytes.length > 0) {
        var body = ByteBuffer.wrap(bytes, 1, bytes.length - 1).slice();
        refusable(() -> FrontendMessage.decode(bytes[0], body.duplicate()));
        refusable(() -> BackendMessage.decode(bytes[0], body.duplicate()));
      }
    }
  },
  STARTUP {
    @Override
    void feed(byte[] bytes) {
      refusable(() -> StartupPacket.decode(ByteBuffer.wrap(bytes)));
    }
  },
  REPLICATION_MESSAGE {
    @Override
    void feed(byte[] bytes) {
      refusable(() -> StandbyMessage.decode(ByteBuffer.wrap(bytes)));
      refusable(() -> SenderMessage.decode(ByteBuffer.wrap(bytes)));
    }
  },
  COMMAND {
    @Override
    void feed(byte[] bytes) {
      refusable(() -> ReplicationCommandParser.parse(text(bytes), _ -> {}));
    }
  },
  CONNINFO {
    @Override
    void feed(byte[] bytes) {
      refusable(() -> ConnInfo.parse(text(bytes)));
    }
  },
  STANDBY_NAMES {
    @Override
    void feed(byte[] bytes) {
      refusable(() -> StandbyNames.parse(text(bytes)));
    }
  },
  HBA {
    @Override
    void feed(byte[] bytes) throws IOException {
      Path file = Files.createTempFile("fuzz", ".conf");
      try {
        Files.write(file, bytes);
        refusable(() -> HbaFile.read(file));
      } finally {
        Files.delete(file);
      }
    }
  },
  WAL {
    @Override
    void feed(byte[] bytes) {
      var verifier = new WalVerifier(WalSegmentSize.DEFAULT, 1, TimelineId.FIRST);
      long start = WalSegmentSize.DEFAULT.bytes();
      verifier.start(start);
      verifier.feed(start, ByteBuffer.wrap(bytes));
    }
  },
  CONTROL {
    @Override
    void feed(byte[] bytes) {
      refusable(() -> ControlFile.parse(bytes));
      refusable(() -> BackupLabel.parse(bytes));
      refusable(() -> TablespaceMap.parse(bytes));
      refusable(() -> TimelineHistory.parse(TimelineId.FIRST, bytes));
    }
  },
  /// The engine answers 54001 where its parser runs out of stack.
  SQL {
    @Override
    void feed(byte[] bytes) {
      try {
        refusable(() -> TRANSLATOR.translate(text(bytes), List.of()));
      } catch (StackOverflowError expected) {
        // too deep for the parser
      }
    }
  },
  JSON {
    @Override
    void feed(byte[] bytes) {
      JsonReader.read(text(bytes)).ifPresent(FuzzTarget::requireJson);
    }
  },
  /// What a client writes to a whole server.
  SERVER {
    @Override
    void feed(byte[] bytes) throws IOException {
      FuzzedServer.get().feed(bytes);
    }
  };

  private static final Translator TRANSLATOR = new Translator(Catalog.load());

  abstract void feed(byte[] bytes) throws IOException;

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private interface Reading {
    Object read() throws IOException, ServerError, HbaException, StandbyNamesException;
  }

  private static void refusable(Reading reading) {
    try {
      var _ = reading.read();
    } catch (IOException
        | ServerError
        | HbaException
        | StandbyNamesException
        | ConnInfoException expected) {
      // refused as it is declared
    }
  }

  /// What `jsonb` writes is JSON again.
  private static void requireJson(JsonNode node) {
    try {
      String canonical = node.canonical();
      if (JsonReader.read(canonical).isEmpty()) {
        throw new IllegalStateException("not JSON: " + canonical);
      }
    } catch (ArithmeticException expected) {
      // a number that is too large
    }
  }
}
