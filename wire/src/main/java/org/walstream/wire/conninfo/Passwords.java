package org.walstream.wire.conninfo;

import java.nio.file.Path;
import java.util.Optional;

/// The password for each server of a connection: the one that was given, or else what the password
/// file has for that server.
///
/// @param given the option `password`
/// @param file the password file's name, empty when there is no place for one
record Passwords(
    Optional<String> given, Optional<Path> file, PassFile lines, String database, String user) {

  static Passwords of(
      ConnInfo conninfo, LibpqEnvironment environment, String database, String user) {
    Optional<String> given = value(conninfo, ConnInfoOption.PASSWORD);
    Optional<Path> file =
        given.isPresent()
            ? Optional.empty() // and no warnings about one that is not needed
            : value(conninfo, ConnInfoOption.PASSFILE)
                .map(Path::of)
                .or(() -> environment.home().map(home -> home.resolve(".pgpass")));
    PassFile lines = file.map(f -> PassFile.read(f, environment)).orElse(PassFile.EMPTY);
    return new Passwords(given, file, lines, database, user);
  }

  private static Optional<String> value(ConnInfo conninfo, ConnInfoOption option) {
    return conninfo.get(option).filter(text -> !text.isEmpty());
  }

  /// @param port as a number, and as it was written
  ConnectionHost host(String host, String address, int port, String portText) {
    if (given.isPresent()) {
      return new ConnectionHost(host, address, port, given, Optional.empty());
    }
    Optional<String> found =
        lines.password(
            knownAs(host, address),
            portText.isEmpty() ? Integer.toString(port) : portText,
            database,
            user);
    return new ConnectionHost(
        host,
        address,
        port,
        found.filter(password -> !password.isEmpty()),
        found.isPresent() ? file : Optional.empty());
  }

  /// The name a password file knows a server by: the default socket is `localhost` there.
  private static String knownAs(String host, String address) {
    if (host.isEmpty()) {
      return address;
    }
    return ConnectionSettings.SOCKET_DIRECTORIES.contains(host) ? "localhost" : host;
  }

  /// Without the passwords.
  @Override
  public String toString() {
    return "Passwords";
  }
}
