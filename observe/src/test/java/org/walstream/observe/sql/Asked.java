package org.walstream.observe.sql;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.walstream.observe.FixtureStatus;
import org.walstream.send.Answer;
import org.walstream.send.ClientIdentity;
import org.walstream.send.Prepared;
import org.walstream.send.RowSet;
import org.walstream.send.ServerFixture;
import org.walstream.send.guc.GucException;
import org.walstream.send.guc.SessionParameters;
import org.walstream.send.sql.ServerParameters;
import org.walstream.send.sql.SqlSession;
import org.walstream.store.WalLog;
import org.walstream.wire.server.ServerError;

/// An engine over a server with some WAL and a slot, asked without a network.
final class Asked implements AutoCloseable {

  static final int PID = 4711;

  final ServerFixture fixture;
  final FixtureStatus status;
  final SqlEngine engine;
  final WalLog log;

  Asked(Path directory) throws Exception {
    fixture = new ServerFixture(directory);
    status = new FixtureStatus(fixture);
    engine = new SqlEngine(status);
    log = fixture.openLog(1, ServerFixture.START);
    ServerFixture.append(log, RandomGeneratorFactory.of("L64X128MixRandom").create(1), 1_000);
    fixture.slots.create("s1", false, ServerFixture.START, 1);
  }

  /// A session of a user who may monitor, over TCP.
  SqlSession session() {
    return session("mon", true, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 50_000));
  }

  SqlSession session(String user) {
    return session(user, true, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 50_000));
  }

  SqlSession local(String user) {
    return session(user, true, UnixDomainSocketAddress.of(""));
  }

  SqlSession session(String user, boolean monitor, SocketAddress address) {
    var shown =
        new ServerParameters(
            fixture.store,
            () -> ServerFixture.SERVER_VERSION,
            name ->
                status.settings().stream()
                    .filter(s -> s.name().equals(name))
                    .findFirst()
                    .map(s -> s.shown())
                    .or(Optional::empty));
    var parameters = new SessionParameters(shown::show, user);
    try {
      parameters.setAtStart("application_name", "test");
    } catch (GucException e) {
      throw new AssertionError(e);
    }
    return new SqlSession(
        new ClientIdentity(
            PID, user, "walstream", "test", address, Optional.empty(), Instant.now()),
        parameters,
        monitor);
  }

  RowSet rows(String sql) throws ServerError {
    return rows(sql, session());
  }

  RowSet rows(String sql, SqlSession session, @Nullable String... parameters) throws ServerError {
    Prepared query = engine.prepare(sql, List.of(), session);
    return ((Answer.Rows) query.run(Arrays.asList(parameters))).rows();
  }

  /// The rows as `psql -At` prints them.
  List<String> text(String sql) throws ServerError {
    return text(rows(sql));
  }

  static List<String> text(RowSet rows) {
    return rows.rows().stream()
        .map(row -> String.join("|", row.stream().map(v -> v == null ? "" : v).toList()))
        .toList();
  }

  /// The names and types of the columns: `lsn pg_lsn`.
  List<String> columns(String sql) throws ServerError {
    return engine.prepare(sql, List.of(), session()).columns().orElseThrow().stream()
        .map(c -> c.name() + " " + c.type().name().toLowerCase(java.util.Locale.ROOT))
        .toList();
  }

  @Override
  public void close() throws Exception {
    engine.close();
    fixture.close();
  }
}
