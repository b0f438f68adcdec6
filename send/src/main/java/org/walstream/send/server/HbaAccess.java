package org.walstream.send.server;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import org.walstream.send.ClientIdentity;
import org.walstream.send.hba.Connection;
import org.walstream.send.hba.HbaException;
import org.walstream.send.hba.HbaFile;
import org.walstream.send.hba.HbaMethod;
import org.walstream.send.hba.HbaRule;
import org.walstream.send.hba.User;
import org.walstream.send.hba.UsersFile;
import org.walstream.wire.SqlState;
import org.walstream.wire.server.ServerAuthentication;
import org.walstream.wire.server.ServerError;

/// Access by the files `pg_hba.conf` and `users`. Both are read at the start and at each [#reload];
/// if either is wrong then, both stay as they were. Thread-safe.
public final class HbaAccess implements AccessControl {

  private record Files(HbaFile hba, UsersFile users) {}

  private volatile Files files;

  /// @throws HbaException naming file and line of what is wrong
  public HbaAccess(Path hbaFile, Path usersFile) throws HbaException {
    files = read(hbaFile, usersFile);
  }

  public void reload(Path hbaFile, Path usersFile) throws HbaException {
    files = read(hbaFile, usersFile);
  }

  private static Files read(Path hbaFile, Path usersFile) throws HbaException {
    return new Files(HbaFile.read(hbaFile), UsersFile.read(usersFile));
  }

  @Override
  public ServerAuthentication.Method method(ClientIdentity client, boolean physicalReplication)
      throws ServerError {
    var connection =
        new Connection(
            client.address() instanceof InetSocketAddress inet
                ? Optional.of(inet.getAddress())
                : Optional.empty(),
            client.user(),
            client.database(),
            physicalReplication);
    Optional<HbaRule> rule = files.hba.find(connection);
    if (rule.isEmpty() || rule.get().method() == HbaMethod.REJECT) {
      throw ServerError.fatal(
          SqlState.INVALID_AUTHORIZATION, refusal(client, physicalReplication, rule.isPresent()));
    }
    return switch (rule.get().method()) {
      case TRUST, REJECT -> ServerAuthentication.Method.TRUST;
      case MD5 -> ServerAuthentication.Method.MD5;
      case SCRAM_SHA_256 -> ServerAuthentication.Method.SCRAM_SHA_256;
      case PASSWORD -> ServerAuthentication.Method.PASSWORD;
    };
  }

  private static String refusal(ClientIdentity client, boolean replication, boolean rejected) {
    String what = rejected ? "pg_hba.conf rejects" : "no pg_hba.conf entry for";
    String who = "host \"%s\", user \"%s\"".formatted(client.hostOrLocal(), client.user());
    return replication
        ? "%s replication connection%s %s, no encryption"
            .formatted(what, rejected ? " for" : " from", who)
        : "%s%s %s, database \"%s\", no encryption"
            .formatted(what, rejected ? " connection for" : "", who, client.database());
  }

  @Override
  public Optional<String> secret(String user) {
    return files.users.find(user).flatMap(u -> u.secretAt(Instant.now()));
  }

  public HbaFile hba() {
    return files.hba;
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
