package org.walstream.send.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.send.ClientIdentity;
import org.walstream.send.hba.AuthLine;
import org.walstream.send.hba.CertificateCheck.Wanted;
import org.walstream.send.hba.ClientName;
import org.walstream.send.hba.Connection;
import org.walstream.send.hba.HbaException;
import org.walstream.send.hba.HbaFile;
import org.walstream.send.hba.HbaMethod;
import org.walstream.send.hba.HbaRule;
import org.walstream.send.hba.IdentFile;
import org.walstream.send.hba.IdentLine;
import org.walstream.send.hba.User;
import org.walstream.send.hba.UsersFile;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerError;
import org.walstream.wire.tls.DistinguishedName;
import org.walstream.wire.tls.TlsSession;

/// Access by the files `pg_hba.conf`, `pg_ident.conf` and `users`. All are read at the start and at
/// each [#reload]; if one is wrong then, all stay as they were. Thread-safe.
public final class HbaAccess implements AccessControl {

  private static final Logger LOG = LoggerFactory.getLogger(HbaAccess.class);

  /// Where the files are.
  public record Paths(Path hba, Path ident, Path users) {}

  private record Files(HbaFile hba, IdentFile ident, UsersFile users) {}

  private volatile Files files;

  /// Where they were to be read last.
  private volatile Paths paths;

  /// @throws HbaException naming file and line of what is wrong
  public HbaAccess(Paths paths) throws HbaException {
    this.paths = paths;
    files = read(paths);
  }

  /// @throws HbaException naming file and line of what is wrong; what was in force stays
  public void reload(Paths paths) throws HbaException {
    this.paths = paths;
    files = read(paths);
  }

  private static Files read(Paths paths) throws HbaException {
    return new Files(
        HbaFile.read(paths.hba), IdentFile.read(paths.ident), UsersFile.read(paths.users));
  }

  private Connection connection(ClientIdentity client, boolean physicalReplication) {
    Optional<InetAddress> address =
        client.address() instanceof InetSocketAddress inet
            ? Optional.of(inet.getAddress())
            : Optional.empty();
    return new Connection(
        address,
        new ClientName(address),
        client.tls().isPresent(),
        client.user(),
        files.users.find(client.user()).map(User::roles).orElse(Set.of()),
        client.database(),
        physicalReplication);
  }

  @Override
  public HbaRule rule(ClientIdentity client, boolean physicalReplication) throws ServerError {
    Optional<HbaRule> rule = files.hba.find(connection(client, physicalReplication));
    if (rule.isEmpty() || rule.get().method() == HbaMethod.REJECT) {
      throw ServerError.fatal(
          SqlState.INVALID_AUTHORIZATION, refusal(client, physicalReplication, rule.isPresent()));
    }
    return rule.get();
  }

  @Override
  public boolean isUser(HbaRule rule, ClientIdentity client, Optional<String> systemUser) {
    if (rule.method() == HbaMethod.PEER && !isAllowed(rule, client, systemUser)) {
      return false;
    }
    return rule.certificate().wanted() != Wanted.USERS
        || isAllowed(rule, client, certificateName(rule, client));
  }

  private static Optional<String> certificateName(HbaRule rule, ClientIdentity client) {
    Optional<String> name =
        client
            .tls()
            .flatMap(TlsSession::client)
            .map(certificate -> DistinguishedName.of(certificate.getSubjectX500Principal()))
            .flatMap(subject ->
                switch (rule.certificate().compared()) {
                  case CN -> subject.commonName();
                  case DN -> Optional.of(subject.rfc2253());
                })
            .filter(found -> !found.isEmpty());
    if (name.isEmpty()) {
      LOG.info(
          "certificate authentication failed for user \"{}\": client certificate contains no user"
              + " name",
          client.user());
    }
    return name;
  }

  private boolean isAllowed(HbaRule rule, ClientIdentity client, Optional<String> name) {
    if (name.isEmpty()) {
      return false;
    }
    if (rule.map().isEmpty()) {
      boolean same = name.get().equals(client.user());
      if (!same) {
        LOG.info(
            "provided user name ({}) and authenticated user name ({}) do not match",
            client.user(),
            name.get());
      }
      return same;
    }
    String map = rule.map().get();
    boolean allowed = files.ident.allows(map, name.get(), connection(client, false));
    if (!allowed) {
      LOG.info(
          "no match in usermap \"{}\" for user \"{}\" authenticated as \"{}\"",
          map,
          client.user(),
          name.get());
    }
    return allowed;
  }

  private static String refusal(ClientIdentity client, boolean replication, boolean rejected) {
    String what = rejected ? "pg_hba.conf rejects" : "no pg_hba.conf entry for";
    String who = "host \"%s\", user \"%s\"".formatted(client.hostOrLocal(), client.user());
    String encryption = client.tls().isPresent() ? "SSL encryption" : "no encryption";
    return replication
        ? "%s replication connection%s %s, %s"
            .formatted(what, rejected ? " for" : " from", who, encryption)
        : "%s%s %s, database \"%s\", %s"
            .formatted(what, rejected ? " connection for" : "", who, client.database(), encryption);
  }

  @Override
  public Optional<String> secret(String user) {
    return files.users.find(user).flatMap(u -> u.secretAt(Instant.now()));
  }

  public HbaFile hba() {
    return files.hba;
  }

  /// What pg_hba.conf says now, in force or not.
  public List<AuthLine<HbaRule>> hbaLines() {
    return HbaFile.look(paths.hba);
  }

  /// What pg_ident.conf says now, in force or not.
  public List<AuthLine<IdentLine>> identLines() {
    return IdentFile.look(paths.ident);
  }

  public Collection<User> users() {
    return files.users.users().values();
  }

  /// Whether a user may see the details of others in the status views.
  public boolean mayMonitor(String user) {
    return files.users.find(user).map(User::monitor).orElse(false);
  }

  @Override
  public boolean isSuperuser(String user) {
    return files.users.find(user).map(User::superuser).orElse(false);
  }

  @Override
  public void checkRights(ClientIdentity client, boolean replication) throws ServerError {
    Optional<User> user = files.users.find(client.user());
    if (user.isEmpty()) {
      // Reached only with trust: there is no password to be wrong.
      throw ServerError.fatal(
          SqlState.INVALID_AUTHORIZATION, "role \"" + client.user() + "\" does not exist");
    }
    if (replication && !user.get().replication()) {
      throw ServerError.fatal(
              SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to start WAL sender")
          .withDetail("Only roles with the REPLICATION attribute may start a WAL sender process.");
    }
  }
}
