package org.walstream.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A TCP proxy on 127.0.0.1 that carries bytes to a server and back, and misbehaves on request.
///
/// ```
/// client ──▶ towardsServer ──▶ server
///        ◀── towardsClient ◀──
/// ```
///
/// Each direction has its own delay, bandwidth and stall ([FaultDirection]), which can be changed
/// at any time and hold for all connections. [#cut] breaks the connections there are, [#refuse]
/// those that would come.
public final class FaultProxy implements AutoCloseable {

  private final InetSocketAddress server;
  private final ServerSocket listener;
  private final FaultDirection towardsServer = new FaultDirection();
  private final FaultDirection towardsClient = new FaultDirection();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private volatile boolean refusing;

  private FaultProxy(InetSocketAddress server, ServerSocket listener) {
    this.server = server;
    this.listener = listener;
  }

  /// A proxy to `port` on 127.0.0.1.
  public static FaultProxy to(int port) {
    try {
      var listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
      var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      var proxy = new FaultProxy(server, listener);
      Thread.ofPlatform().daemon().name("fault-proxy accept").start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("could not listen on 127.0.0.1", e);
    }
  }

  public static FaultProxy to(PostgresServer server) {
    return to(server.port());
  }

  /// The port clients connect to.
  public int port() {
    return listener.getLocalPort();
  }

  /// How libpq and Walstream reach a PostgreSQL server through this proxy.
  public String conninfo() {
    return "host=127.0.0.1 port=" + port() + " user=postgres";
  }

  public FaultDirection towardsServer() {
    return towardsServer;
  }

  public FaultDirection towardsClient() {
    return towardsClient;
  }

  /// How many connections have been carried so far.
  public int connections() {
    return accepted.get();
  }

  /// Breaks every connection, as if a cable were cut and both hosts had noticed: both ends get a
  /// reset, and bytes under way are lost.
  public void cut() {
    sockets.forEach(FaultProxy::reset);
  }

  /// Whether new connections are broken at once.
  public void refuse(boolean refuse) {
    refusing = refuse;
  }

  @Override
  public void close() {
    refusing = true;
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException("could not close the proxy", e);
    }
    cut();
    towardsServer.resume();
    towardsClient.resume();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var client = listener.accept();
        if (refusing) {
          reset(client);
        } else {
          carry(client);
        }
      } catch (IOException e) {
        // closed, or the server is not there: the client has been reset
      }
    }
  }

  private void carry(Socket client) throws IOException {
    var upstream = new Socket();
    try {
      upstream.connect(server);
    } catch (IOException e) {
      reset(client);
      throw e;
    }
    client.setTcpNoDelay(true);
    upstream.setTcpNoDelay(true);
    sockets.add(client);
    sockets.add(upstream);
    accepted.incrementAndGet();
    start(new FaultPump(client, upstream, towardsServer, () -> drop(client, upstream)));
    start(new FaultPump(upstream, client, towardsClient, () -> drop(client, upstream)));
    if (refusing) { // closed or told to refuse meanwhile
      drop(client, upstream);
    }
  }

  private static void start(FaultPump pump) {
    Thread.ofPlatform().daemon().name("fault-proxy read").start(pump::read);
    Thread.ofPlatform().daemon().name("fault-proxy write").start(pump::write);
  }

  private void drop(Socket client, Socket upstream) {
    reset(client);
    reset(upstream);
    sockets.remove(client);
    sockets.remove(upstream);
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // closed already
    }
  }
}
