package org.walstream.observe.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.walstream.observe.FixtureStatus;
import org.walstream.observe.sql.SqlEngine;
import org.walstream.send.ServerFixture;
import org.walstream.send.slot.ReplicationSlot;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.wire.server.ServerError;

/// A whole server over a little WAL, to which strangers write what they like: whatever that is, it
/// answers in PostgreSQL's way or closes, keeps nothing of it, and goes on serving others.
///
/// ```
/// input:  | mode 1 byte | what the client writes behind what the mode has written for it |
///
/// mode 0-7: begins as [Begin] says
///      + 8: and the rest becomes messages: | tag 1 | length 1 | so many bytes | tag …
/// ```
///
/// Frames spare the fuzzer from finding four right bytes of length again and again.
///
/// One thread.
final class FuzzedServer {

  private static final String SLOT = "s1";
  private static final int FRAMED = 8;

  /// No answer takes as long: a server that says nothing meanwhile hangs.
  private static final int PATIENCE_MS = 60_000;

  /// How often somebody well-behaved comes along.
  private static final int INPUTS_BETWEEN = 100;

  /// SQLSTATE and message of an ErrorResponse for a fault of ours.
  private static final Pattern INTERNAL_ERROR = Pattern.compile("CXX000\0M([^\0]*)\0");

  /// What a server has no SQLSTATE for either.
  private static final Pattern OF_THE_SERVERS =
      Pattern.compile("requested .* is not in this server's history");

  private static @Nullable FuzzedServer running;

  /// What has been said before the input comes.
  private enum Begin {
    NOTHING("", ""),
    SQL("user\0trusted\0database\0x\0\0", ""),
    REPLICATION("user\0trusted\0replication\0true\0\0", ""),
    DATABASE("user\0trusted\0database\0x\0replication\0database\0\0", ""),
    STREAMING("user\0trusted\0replication\0true\0\0", "START_REPLICATION 0/300000\0"),
    SLOT("user\0trusted\0replication\0true\0\0", "START_REPLICATION SLOT s1 0/300000\0"),
    SCRAM("user\0mon\0database\0x\0\0", ""),
    MD5("user\0old\0database\0x\0\0", "");

    private static final int PROTOCOL_3_2 = 3 << 16 | 2;

    private final String parameters;
    private final String command;

    Begin(String parameters, String command) {
      this.parameters = parameters;
      this.command = command;
    }

    byte[] bytes() {
      var out = new ByteArrayOutputStream();
      if (!parameters.isEmpty()) {
        byte[] body = parameters.getBytes(US_ASCII);
        out.writeBytes(
            ByteBuffer.allocate(8 + body.length)
                .putInt(8 + body.length)
                .putInt(PROTOCOL_3_2)
                .put(body)
                .array());
      }
      if (!command.isEmpty()) {
        out.writeBytes(message((byte) 'Q', command.getBytes(US_ASCII)));
      }
      return out.toByteArray();
    }
  }

  private final ServerFixture fixture;
  private final AtomicReference<@Nullable Throwable> uncaught = new AtomicReference<>();
  private int fed;

  private FuzzedServer() throws Exception {
    fixture =
        new ServerFixture(
            ScratchDirectory.create("fuzz").path(),
            server -> new SqlEngine(new FixtureStatus(server)));
    var log = fixture.openLog(1, ServerFixture.START);
    ServerFixture.append(log, RandomGeneratorFactory.of("L64X128MixRandom").create(1), 1_000);
    fixture.slots.create(SLOT, false, ServerFixture.START, 1);
    Thread.setDefaultUncaughtExceptionHandler((_, e) -> uncaught.set(e));
  }

  /// The one of this process: it is not closed before that ends.
  static FuzzedServer get() {
    try {
      FuzzedServer server = running == null ? new FuzzedServer() : running;
      running = server;
      return server;
    } catch (Exception e) {
      throw new IllegalStateException("no server to fuzz", e);
    }
  }

  void feed(byte[] input) throws IOException {
    if (input.length > 0) {
      require(input, talk(input));
      restore();
      if (++fed % INPUTS_BETWEEN == 0) {
        requireWellness();
      }
    }
  }

  /// Says it all, then that there is no more, and hears what comes until the server closes.
  private byte[] talk(byte[] input) throws IOException {
    int mode = input[0] & 0xF;
    byte[] rest = Arrays.copyOfRange(input, 1, input.length);
    var heard = new ByteArrayOutputStream();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), fixture.port)) {
      socket.setSoTimeout(PATIENCE_MS);
      socket.getOutputStream().write(Begin.values()[mode % FRAMED].bytes());
      socket.getOutputStream().write(mode < FRAMED ? rest : framed(rest));
      socket.shutdownOutput();
      socket.getInputStream().transferTo(heard);
    } catch (SocketException reset) {
      // closed with bytes of ours unread
    }
    return heard.toByteArray();
  }

  private static byte[] framed(byte[] pieces) {
    var out = new ByteArrayOutputStream();
    var left = ByteBuffer.wrap(pieces);
    while (left.remaining() >= 2) {
      byte tag = left.get();
      byte[] body = new byte[Math.min(left.get() & 0xFF, left.remaining())];
      left.get(body);
      out.writeBytes(message(tag, body));
    }
    return out.toByteArray();
  }

  private static byte[] message(byte tag, byte[] body) {
    return ByteBuffer.allocate(1 + 4 + body.length)
        .put(tag)
        .putInt(4 + body.length)
        .put(body)
        .array();
  }

  private void require(byte[] input, byte[] heard) {
    Throwable thrown = uncaught.getAndSet(null);
    if (thrown != null) {
      throw new IllegalStateException("a thread has ended by this", thrown);
    }
    Matcher error = INTERNAL_ERROR.matcher(new String(heard, ISO_8859_1));
    while (error.find()) {
      if (!OF_THE_SERVERS.matcher(error.group(1)).matches()) {
        throw new IllegalStateException(
            "mode %d: internal error: %s".formatted(input[0] & 0xF, error.group(1)));
      }
    }
  }

  /// Every input finds the same slots, so that one that breaks something breaks it again.
  private void restore() throws IOException {
    try {
      for (ReplicationSlot slot : fixture.slots.all()) {
        if (!slot.name().equals(SLOT)) {
          fixture.slots.drop(slot.name(), 1, false);
        }
      }
      if (fixture.slots.find(SLOT).isEmpty()) {
        fixture.slots.create(SLOT, false, ServerFixture.START, 1);
      }
    } catch (ServerError e) {
      throw new IOException("could not restore the slots", e);
    }
  }

  /// Nothing is left of those who have gone, and whoever asks is answered.
  private void requireWellness() throws IOException {
    Eventually.holds("no session is left", () -> fixture.server.activity().isEmpty());
    Eventually.holds("no sender is left", () -> fixture.senders.active().isEmpty());
    try (var client = fixture.connect(fixture.conninfo("mon") + " dbname=x")) {
      client.query("SELECT slot_name FROM pg_replication_slots");
      client.terminate();
    }
    try (var standby = fixture.replicate("rep")) {
      standby.query("IDENTIFY_SYSTEM");
      standby.terminate();
    }
  }
}
