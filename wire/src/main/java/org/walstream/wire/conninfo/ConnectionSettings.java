package org.walstream.wire.conninfo;

import static org.walstream.wire.conninfo.ConnInfoOption.*;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.walstream.wire.ProtocolVersion;
import org.walstream.wire.transport.KeepaliveOptions;

/// Everything needed to connect, checked: the typed form of a [ConnInfo].
///
/// Counterpart of pqConnectOptions2(), fe-connect.c, which checks the same in the same words.
///
/// @param hosts at least one, in the order given
/// @param replication the startup parameter `replication`, empty for an ordinary connection
/// @param options the startup parameter `options`, empty for none
/// @param clientEncoding the startup parameter `client_encoding`, empty for the server's choice
/// @param connectTimeout for each address; zero is for ever
/// @param requirePeer the operating system's user that the server behind a Unix-domain socket must
///   run as, empty for any
/// @param loadBalanceHosts true: try hosts and addresses in random order
public record ConnectionSettings(
    List<ConnectionHost> hosts,
    String user,
    String database,
    String replication,
    String options,
    String applicationName,
    String clientEncoding,
    Duration connectTimeout,
    KeepaliveOptions keepalive,
    TargetSessionAttrs targetSessionAttrs,
    boolean loadBalanceHosts,
    ChannelBinding channelBinding,
    RequireAuth requireAuth,
    TlsOptions tls,
    String requirePeer,
    ScramKeys scramKeys,
    ProtocolVersion minProtocolVersion,
    ProtocolVersion maxProtocolVersion) {

  private static final int DEFAULT_PORT = 5432;

  /// Where servers put their sockets: Debian's choice and PostgreSQL's own.
  static final List<String> SOCKET_DIRECTORIES = List.of("/var/run/postgresql", "/tmp");

  public ConnectionSettings {
    hosts = List.copyOf(hosts);
  }

  /// Completes and checks `conninfo`.
  ///
  /// @throws ConnInfoException in libpq's words if an option's value cannot be used
  public static ConnectionSettings of(ConnInfo conninfo, LibpqEnvironment environment) {
    ConnInfo complete = conninfo.completed(environment);
    TlsOptions tls = TlsOptions.of(complete, environment);
    GssOptions.check(complete);
    String user =
        complete
            .get(USER)
            .filter(name -> !name.isEmpty())
            .or(() -> environment.user().name())
            .orElseThrow(() -> new ConnInfoException(environment.user().missing()));
    String database = complete.get(DBNAME).filter(name -> !name.isEmpty()).orElse(user);
    ProtocolVersion min = protocolVersion(complete, MIN_PROTOCOL_VERSION, ProtocolVersion.V3_0);
    // Not everyone knows how to answer to a newer one, so who does not ask for it gets the oldest.
    ProtocolVersion max = protocolVersion(complete, MAX_PROTOCOL_VERSION, min);
    if (min.compareTo(max) > 0) {
      throw new ConnInfoException(
          "\"%s\" is greater than \"%s\""
              .formatted(MIN_PROTOCOL_VERSION.keyword(), MAX_PROTOCOL_VERSION.keyword()));
    }
    return new ConnectionSettings(
        hosts(complete, user, database, environment),
        user,
        database,
        text(complete, REPLICATION),
        text(complete, OPTIONS),
        complete.get(APPLICATION_NAME).orElse(text(complete, FALLBACK_APPLICATION_NAME)),
        complete.get(CLIENT_ENCODING).map(e -> e.equals("auto") ? "UTF8" : e).orElse(""),
        Duration.ofSeconds(Math.max(0, integer(complete, CONNECT_TIMEOUT, 0))),
        keepalive(complete),
        TargetSessionAttrs.parse(text(complete, TARGET_SESSION_ATTRS)),
        loadBalance(text(complete, LOAD_BALANCE_HOSTS)),
        ChannelBinding.parse(text(complete, CHANNEL_BINDING)),
        RequireAuth.parse(text(complete, ConnInfoOption.REQUIRE_AUTH)),
        tls,
        text(complete, REQUIREPEER),
        ScramKeys.of(complete),
        min,
        max);
  }

  private static boolean loadBalance(String value) {
    return switch (value) {
      case "disable" -> false;
      case "random" -> true;
      default -> throw ConnInfoException.invalidValue(LOAD_BALANCE_HOSTS, value);
    };
  }

  private static ProtocolVersion protocolVersion(
      ConnInfo conninfo, ConnInfoOption option, ProtocolVersion fallback) {
    String value = text(conninfo, option);
    if (!conninfo.has(option)) {
      return fallback;
    }
    return switch (value) {
      case "3.0" -> ProtocolVersion.V3_0;
      case "3.2", "latest" -> ProtocolVersion.V3_2;
      default -> throw ConnInfoException.invalidValue(option, value);
    };
  }

  private static KeepaliveOptions keepalive(ConnInfo conninfo) {
    return new KeepaliveOptions(
        integer(conninfo, KEEPALIVES, 1) != 0,
        integer(conninfo, KEEPALIVES_IDLE, 0),
        integer(conninfo, KEEPALIVES_INTERVAL, 0),
        integer(conninfo, KEEPALIVES_COUNT, 0));
  }

  private static List<ConnectionHost> hosts(
      ConnInfo conninfo, String user, String database, LibpqEnvironment environment) {
    List<String> addresses = list(text(conninfo, HOSTADDR));
    List<String> names = list(text(conninfo, HOST));
    int count = Math.max(1, Math.max(addresses.size(), names.size()));
    if (!addresses.isEmpty() && !names.isEmpty() && addresses.size() != names.size()) {
      throw new ConnInfoException(
          "could not match %d host names to %d hostaddr values"
              .formatted(names.size(), addresses.size()));
    }
    List<String> ports = list(text(conninfo, PORT));
    if (ports.size() > 1 && ports.size() != count) {
      throw new ConnInfoException(
          "could not match %d port numbers to %d hosts".formatted(ports.size(), count));
    }
    refuseUserTimeout(conninfo, names, addresses);
    Passwords passwords = Passwords.of(conninfo, environment, database, user);
    var hosts = new ArrayList<ConnectionHost>(count);
    for (int i = 0; i < count; i++) {
      String portText = ports.isEmpty() ? "" : ports.get(ports.size() == 1 ? 0 : i);
      int port = port(portText);
      String address = addresses.isEmpty() ? "" : addresses.get(i);
      String name = names.isEmpty() ? "" : names.get(i);
      String host = name.isEmpty() && address.isEmpty() ? defaultHost(port) : name;
      hosts.add(passwords.host(host, address, port, portText));
    }
    hosts.forEach(ConnectionSettings::refuseAbstractSocket);
    return hosts;
  }

  /// How long sent data may stay unacknowledged: the JDK has no such option of a socket.
  private static void refuseUserTimeout(
      ConnInfo conninfo, List<String> names, List<String> addresses) {
    boolean tcp =
        !addresses.isEmpty() || names.stream().anyMatch(n -> !ConnectionHost.isSocketDirectory(n));
    if (integer(conninfo, TCP_USER_TIMEOUT, 0) > 0 && tcp) {
      throw new ConnInfoException("tcp_user_timeout parameter is not supported on this platform");
    }
  }

  /// As a file, `@name` would mean a socket in the working directory.
  private static void refuseAbstractSocket(ConnectionHost host) {
    if (host.isAbstractSocket()) {
      throw new ConnInfoException(
          "abstract Unix-domain socket \"%s/.s.PGSQL.%d\" cannot be used: Java has no address for it"
              .formatted(host.host(), host.port()));
    }
  }

  /// Where to connect when nobody says: the socket that is there.
  private static String defaultHost(int port) {
    return SOCKET_DIRECTORIES.stream()
        .filter(directory -> Files.exists(ConnectionHost.socketFile(directory, port)))
        .findFirst()
        .orElse(SOCKET_DIRECTORIES.getLast());
  }

  private static int port(String value) {
    if (value.isEmpty()) {
      return DEFAULT_PORT;
    }
    int port = integer(value, PORT);
    if (port < 1 || port > 65535) {
      throw new ConnInfoException("invalid port number: \"%s\"".formatted(value));
    }
    return port;
  }

  private static List<String> list(String value) {
    return value.isEmpty() ? List.of() : List.of(value.split(",", -1));
  }

  private static int integer(ConnInfo conninfo, ConnInfoOption option, int fallback) {
    String value = text(conninfo, option);
    return value.isEmpty() ? fallback : integer(value, option);
  }

  private static int integer(String value, ConnInfoOption option) {
    try {
      return Integer.parseInt(KeywordParser.strip(value));
    } catch (NumberFormatException e) {
      throw new ConnInfoException(
          "invalid integer value \"%s\" for connection option \"%s\""
              .formatted(value, option.keyword()));
    }
  }

  private static String text(ConnInfo conninfo, ConnInfoOption option) {
    return conninfo.get(option).orElse("");
  }
}
