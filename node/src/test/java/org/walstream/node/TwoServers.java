package org.walstream.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.ScratchDirectory;
import org.walstream.testkit.tls.CertificateAuthority;
import org.walstream.testkit.tls.IssuedCertificate;

/// A real PostgreSQL 18 and a node that receives from it, given the same `pg_hba.conf`,
/// `pg_ident.conf`, certificates and roles: what one lets in and refuses, the other must.
final class TwoServers implements AutoCloseable {

  /// The superuser of the tests comes first, so that no rule under test concerns it.
  private static final String OURS = "host all,replication postgres 127.0.0.1/32 trust\n";

  /// Makes certificates for clients.
  interface Certificates {
    /// @return the list of those that are revoked
    Path make(TwoServers servers) throws IOException;
  }

  private final ScratchDirectory scratch = ScratchDirectory.create("access");
  final CertificateAuthority authority = CertificateAuthority.in(scratch.path(), "root");
  final CertificateAuthority stranger = CertificateAuthority.in(scratch.path(), "stranger");
  final IssuedCertificate server =
      authority.certificate("CN=localhost").dns("localhost").ip("127.0.0.1").issue("server");

  /// Somebody whom the root has signed, and who signs in turn. Of no use for clients here: with a
  /// list of revoked certificates, every authority must have one.
  final CertificateAuthority below = authority.below("below");

  final PostgresServer real;
  final Relay node;

  /// @param files by name, relative to the directory of either
  /// @param certificates makes those of the clients, and the list of those that are revoked
  /// @param roles SQL that makes them in the real server, a statement a line
  TwoServers(Map<String, String> files, Certificates certificates, String roles) throws Exception {
    real =
        PostgresServer.builder(18)
            .setting("wal_keep_size", "1GB")
            .setting("ssl", "on")
            .setting("ssl_ca_file", "root.crt")
            .setting("ssl_crl_file", "root.crl")
            .create();
    node = Relay.of(real.conninfo());
    node.set("ssl", "on").set("ssl_ca_file", "root.crt").set("ssl_crl_file", "root.crl");
    node.set("unix_socket_directories", node.directory().path().toString());
    install("server.crt", server.file());
    install("server.key", server.key());
    install("root.crt", authority.file());
    install("root.crl", certificates.make(this));
    for (var file : files.entrySet()) {
      boolean hba = file.getKey().equals("pg_hba.conf");
      install(file.getKey(), (hba ? OURS : "") + file.getValue());
    }
    real.start();
    roles.lines().forEach(real::sql); // one by one: databases are not made in transactions
    node.users(users().toArray(String[]::new));
    node.start();
  }

  /// Puts a file into the directories of both.
  void install(String name, String text) throws IOException {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    real.install(name, content);
    Path file = node.directory().path().resolve(name);
    Files.createDirectories(file.getParent());
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(file, content);
  }

  private void install(String name, Path source) throws IOException {
    install(name, Files.readString(source));
  }

  /// The real server's roles as a node has them, with the very same secrets.
  private List<String> users() throws SQLException {
    var users = new ArrayList<String>();
    try (Connection connection = real.jdbc();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                SELECT rolname, coalesce(rolpassword, ''), rolreplication,
                       pg_has_role(oid, 'pg_monitor', 'member') AND NOT rolsuper,
                       rolvaliduntil < now(), rolsuper
                FROM pg_authid WHERE rolcanlogin
                """)) {
      while (rows.next()) {
        users.add(
            "\"%s\" \"%s\"%s%s%s%s"
                .formatted(
                    rows.getString(1),
                    rows.getString(2),
                    rows.getBoolean(3) ? " replication" : "",
                    rows.getBoolean(4) ? " monitor" : "",
                    rows.getBoolean(6) ? " superuser" : "",
                    rows.getBoolean(5) ? " valid until '2001-01-01'" : ""));
      }
    }
    return users;
  }

  Path directory() {
    return scratch.path();
  }

  /// How to reach the real server, or the node, over TCP.
  String tcp(boolean theReal) {
    return "host=localhost hostaddr=127.0.0.1 port=" + (theReal ? real.port() : node.port());
  }

  /// How to reach them over a Unix-domain socket.
  String unix(boolean theReal) {
    return theReal
        ? "host=%s port=%d".formatted(real.socketDirectory(), real.port())
        : "host=%s port=%d".formatted(node.directory().path(), node.port());
  }

  @Override
  public void close() throws IOException {
    try (scratch) {
      node.close();
      real.close();
    }
  }
}
