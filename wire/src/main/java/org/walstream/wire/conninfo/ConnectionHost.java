package org.walstream.wire.conninfo;

import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.walstream.wire.AddressText;

/// One of the servers that a connection may go to.
///
/// @param host a name, an address, or the directory of a Unix-domain socket: it begins with `/`
/// @param hostaddr an address that saves looking `host` up, or empty
/// @param password from the options or the password file; not shown in any text
/// @param passwordFile where the password is from, if it is from a file
public record ConnectionHost(
    String host,
    String hostaddr,
    int port,
    Optional<String> password,
    Optional<Path> passwordFile) {

  /// The name to look up, or the address to use as it is.
  public String lookupName() {
    return hostaddr.isEmpty() ? host : hostaddr;
  }

  public boolean isUnixSocket() {
    return hostaddr.isEmpty() && isSocketDirectory(host);
  }

  /// True for a socket in Linux's abstract name space.
  boolean isAbstractSocket() {
    return isUnixSocket() && host.startsWith("@");
  }

  static boolean isSocketDirectory(String host) {
    return host.startsWith("/") || host.startsWith("@");
  }

  /// The file of a Unix-domain socket, such as `/tmp/.s.PGSQL.5432`.
  public Path socketFile() {
    return socketFile(host, port);
  }

  static Path socketFile(String directory, int port) {
    return Path.of(directory, ".s.PGSQL." + port);
  }

  public UnixDomainSocketAddress unixAddress() {
    return UnixDomainSocketAddress.of(socketFile());
  }

  /// How libpq's messages begin when this server, at this address, cannot be used.
  public String failurePrefix(SocketAddress address) {
    if (isUnixSocket()) {
      return "connection to server on socket \"%s\" failed: ".formatted(socketFile());
    }
    String ip =
        address instanceof java.net.InetSocketAddress inet && inet.getAddress() != null
            ? AddressText.of(inet.getAddress())
            : "";
    boolean told = !hostaddr.isEmpty() || ip.isEmpty() || ip.equals(host);
    return "connection to server at \"%s\"%s, port %d failed: "
        .formatted(lookupName(), told ? "" : " (" + ip + ")", port);
  }

  @Override
  public String toString() {
    return isUnixSocket() ? socketFile().toString() : host + hostaddr + ":" + port;
  }
}
