package org.walstream.cli;

import java.io.Console;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.ConnInfoOption;

/// The options by which PostgreSQL's client tools say where to connect. A `-h`, `-p` or `-U` wins
/// over the same in `--dbname`.
///
/// Counterpart of GetConnection(), src/bin/pg_basebackup/streamutil.c.
final class ConnectionOptions {

  @Nullable String connectionString;

  @Nullable String host;

  @Nullable String port;

  @Nullable String user;

  boolean noPassword;

  boolean forcePassword;

  /// What they add up to, the password apart.
  ///
  /// @param applicationName under which the server knows us unless somebody says otherwise
  ConnInfo conninfo(String applicationName) {
    ConnInfo given = connectionString == null ? ConnInfo.EMPTY : ConnInfo.parse(connectionString);
    given = overridden(given, ConnInfoOption.HOST, host);
    given = overridden(given, ConnInfoOption.PORT, port);
    given = overridden(given, ConnInfoOption.USER, user);
    return given.has(ConnInfoOption.FALLBACK_APPLICATION_NAME)
        ? given
        : given.with(ConnInfoOption.FALLBACK_APPLICATION_NAME, applicationName);
  }

  private static ConnInfo overridden(
      ConnInfo given, ConnInfoOption option, @Nullable String value) {
    return value == null ? given : given.with(option, value);
  }

  /// True when a password may be asked for: somebody is there, and has not forbidden it.
  boolean mayPrompt() {
    return !noPassword && terminal().isPresent();
  }

  /// `conninfo` with the password that the user types.
  ConnInfo withPromptedPassword(ConnInfo conninfo) {
    return terminal()
        .map(console -> console.readPassword("Password: "))
        .map(typed -> conninfo.with(ConnInfoOption.PASSWORD, String.valueOf(typed)))
        .orElse(conninfo);
  }

  private static Optional<Console> terminal() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal);
  }
}
