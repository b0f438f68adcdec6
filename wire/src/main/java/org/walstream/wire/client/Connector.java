package org.walstream.wire.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.wire.PostgresException;
import org.walstream.wire.SqlState;
import org.walstream.wire.auth.AuthenticationException;
import org.walstream.wire.conninfo.ConnectionHost;
import org.walstream.wire.conninfo.ConnectionSettings;
import org.walstream.wire.conninfo.TargetSessionAttrs;
import org.walstream.wire.tls.TlsException;
import org.walstream.wire.tls.TlsTransport;
import org.walstream.wire.transport.Network;
import org.walstream.wire.transport.SocketTransport;
import org.walstream.wire.transport.StopSignal;
import org.walstream.wire.transport.StoppedException;
import org.walstream.wire.transport.Transport;
import org.walstream.wire.transport.UnixSocketPath;
import org.walstream.wire.transport.Watchdog;

/// Finds a server that will have us: hosts in order (or at random), all addresses of each, until
/// one answers and is of the kind asked for.
///
/// A server that refuses *us* ends the search, since the next one would refuse us too; one that is
/// not ready yet, or of the wrong kind, does not.
///
/// Counterpart of PQconnectPoll(), src/interfaces/libpq/fe-connect.c. One use, one thread.
final class Connector {

  static final String NO_TLS = "server does not support SSL, but SSL was required";

  private final ConnectionSettings settings;
  private final StopSignal stop;
  private final Network network;
  private final List<String> failures = new ArrayList<>();
  private @Nullable IOException lastFailure;

  /// Whether the last attempt has come to speak in clear.
  private boolean inClear;

  /// Whether it has come to an agreement about encryption.
  private boolean agreed;

  Connector(ConnectionSettings settings, StopSignal stop, Network network) {
    this.settings = settings;
    this.stop = stop;
    this.network = network;
  }

  PgClient connect() throws IOException {
    TargetSessionAttrs attrs = settings.targetSessionAttrs();
    Optional<PgClient> client = attempt(attrs);
    if (client.isEmpty() && attrs == TargetSessionAttrs.PREFER_STANDBY) {
      failures.clear();
      client = attempt(TargetSessionAttrs.ANY);
    }
    if (client.isPresent()) {
      return client.get();
    }
    IOException cause =
        lastFailure == null ? new IOException("no host to connect to") : lastFailure;
    throw new ConnectionException(String.join("\n", failures), cause);
  }

  private Optional<PgClient> attempt(TargetSessionAttrs attrs) throws IOException {
    for (ConnectionHost host : inOrder(settings.hosts())) {
      Optional<PgClient> client = attempt(host, attrs);
      if (client.isPresent()) {
        return client;
      }
    }
    return Optional.empty();
  }

  /// A server that has answered is the host: its other addresses are the same one's.
  private Optional<PgClient> attempt(ConnectionHost host, TargetSessionAttrs attrs)
      throws IOException {
    for (SocketAddress address : addresses(host)) {
      stop.check();
      try {
        PgClient client = openSomehow(host, address);
        Optional<String> complaint = client.complaint(attrs);
        if (complaint.isEmpty()) {
          return Optional.of(client);
        }
        client.close();
        failed(host, address, complaint.get(), new IOException(complaint.get()));
        return Optional.empty();
      } catch (PostgresException e) {
        failed(host, address, e.getMessage(), e);
        if (!e.sqlState().equals(SqlState.CANNOT_CONNECT_NOW)) {
          mentionPasswordFile(host, e);
          throw new ConnectionException(String.join("\n", failures), e);
        }
        return Optional.empty();
      } catch (AuthenticationException | TlsException e) {
        failed(host, address, e.getMessage(), e);
        throw new ConnectionException(String.join("\n", failures), e);
      } catch (StoppedException e) {
        throw e;
      } catch (IOException e) {
        failed(host, address, reason(host, e), e);
      }
    }
    return Optional.empty();
  }

  private void mentionPasswordFile(ConnectionHost host, PostgresException refusal) {
    if (refusal.sqlState().equals(SqlState.INVALID_PASSWORD)) {
      host.passwordFile()
          .ifPresent(file -> failures.add("password retrieved from file \"%s\"".formatted(file)));
    }
  }

  /// What a connection may be, by `sslmode`.
  private enum Encryption {
    CLEAR,
    TLS,
    /// Or in clear, over the same connection, if the server has no TLS.
    TLS_OR_CLEAR
  }

  /// Over a Unix-domain socket nobody asks for TLS, whatever the mode.
  private List<Encryption> encryptions(SocketAddress address) {
    if (!(address instanceof InetSocketAddress)) {
      return List.of(Encryption.CLEAR);
    }
    return switch (settings.tls().mode()) {
      case DISABLE -> List.of(Encryption.CLEAR);
      case ALLOW -> List.of(Encryption.CLEAR, Encryption.TLS);
      case PREFER -> List.of(Encryption.TLS_OR_CLEAR, Encryption.CLEAR);
      case REQUIRE, VERIFY_CA, VERIFY_FULL -> List.of(Encryption.TLS);
    };
  }

  /// Where there is a choice, a server that refuses us one way is asked the other way.
  private PgClient openSomehow(ConnectionHost host, SocketAddress address) throws IOException {
    List<Encryption> choices = encryptions(address);
    for (Encryption choice : choices.subList(0, choices.size() - 1)) {
      try {
        return open(host, address, choice);
      } catch (PostgresException e) {
        if (e.sqlState().equals(SqlState.CANNOT_CONNECT_NOW)
            || (inClear && choice != Encryption.CLEAR)) {
          throw e;
        }
        failed(host, address, e.getMessage(), e);
        mentionPasswordFile(host, e);
      } catch (TlsException e) {
        if (agreed) {
          throw e;
        }
        failed(host, address, e.getMessage(), e);
      }
    }
    return open(host, address, choices.getLast());
  }

  private PgClient open(ConnectionHost host, SocketAddress address, Encryption encryption)
      throws IOException {
    agreed = false;
    Duration timeout = settings.connectTimeout();
    long start = network.machine().nanoTime();
    Transport transport = network.connect(address, timeout, settings.keepalive(), stop);
    try (var _ = stop.during(transport);
        var watchdog = new Watchdog(transport, rest(timeout, start), network.machine())) {
      try {
        requirePeer(transport);
        return PgClient.start(encrypted(transport, host, encryption), settings, host);
      } catch (IOException | RuntimeException e) {
        transport.close();
        stop.check();
        if (watchdog.hasBitten()) {
          throw new SocketTimeoutException("timeout expired");
        }
        throw e;
      }
    }
  }

  private Transport encrypted(Transport transport, ConnectionHost host, Encryption encryption)
      throws IOException {
    Optional<TlsTransport> secured =
        encryption == Encryption.CLEAR
            ? Optional.empty()
            : TlsNegotiation.begin(transport, settings.tls(), host);
    inClear = secured.isEmpty();
    if (inClear && encryption == Encryption.TLS) {
      throw new TlsException(NO_TLS);
    }
    agreed = true;
    return inClear ? transport : secured.get();
  }

  /// What is left of `timeout`, which is for connecting and starting the session together; zero
  /// stays for ever.
  private Duration rest(Duration timeout, long startNanos) {
    if (timeout.isZero()) {
      return timeout;
    }
    long left = timeout.toNanos() - (network.machine().nanoTime() - startNanos);
    return Duration.ofNanos(Math.max(1, left));
  }

  /// Before anything is sent: who can put a socket where ours is expected could ask for the
  /// password.
  private void requirePeer(Transport transport) throws IOException {
    String required = settings.requirePeer();
    if (required.isEmpty() || !(transport instanceof SocketTransport socket)) {
      return;
    }
    Optional<String> actual = socket.peerUser();
    if (actual.isPresent() && !actual.get().equals(required)) {
      throw new AuthenticationException(
          "requirepeer specifies \"%s\", but actual peer user name is \"%s\""
              .formatted(required, actual.get()));
    }
  }

  private List<SocketAddress> addresses(ConnectionHost host) throws StoppedException {
    try {
      if (host.isUnixSocket()) {
        return List.of(socketAddress(host));
      }
      List<InetAddress> found =
          host.hostaddr().isEmpty()
              ? NameLookup.addresses(host.host(), stop)
              : List.of(NameLookup.numeric(host.hostaddr()));
      return inOrder(found).stream()
          .map(address -> (SocketAddress) new InetSocketAddress(address, host.port()))
          .toList();
    } catch (UnknownHostException e) {
      failures.add(String.valueOf(e.getMessage()));
      lastFailure = e;
      return List.of();
    }
  }

  private static SocketAddress socketAddress(ConnectionHost host) throws UnknownHostException {
    Optional<String> complaint = UnixSocketPath.complaint(host.socketFile().toString());
    if (complaint.isPresent()) {
      throw new UnknownHostException(complaint.get());
    }
    return host.unixAddress();
  }

  private <T> List<T> inOrder(List<T> choices) {
    if (!settings.loadBalanceHosts()) {
      return choices;
    }
    var shuffled = new ArrayList<>(choices);
    Collections.shuffle(shuffled);
    return shuffled;
  }

  private void failed(
      ConnectionHost host, SocketAddress address, @Nullable String reason, IOException cause) {
    failures.add(host.failurePrefix(address) + reason);
    lastFailure = cause;
  }

  private static @Nullable String reason(ConnectionHost host, IOException e) {
    return switch (e) {
      case SocketTimeoutException timeout -> "timeout expired";
      case EOFException end ->
          """
          server closed the connection unexpectedly
          \tThis probably means the server terminated abnormally
          \tbefore or while processing the request.\
          """;
      case SocketException unreachable when host.isUnixSocket() ->
          unreachable.getMessage()
              + "\n\tIs the server running locally and accepting connections on that socket?";
      case ConnectException refused ->
          refused.getMessage()
              + "\n\tIs the server running on that host and accepting TCP/IP connections?";
      case ClosedChannelException closed -> "connection was closed";
      default -> e.getMessage();
    };
  }
}
