package org.walstream.send.sql;

import java.util.List;
import java.util.Optional;

/// Where the status comes from. Asked on the thread of whoever queries; must not wait.
public interface StatusSource {

  List<Standby> standbys();

  /// Empty while nothing is received.
  Optional<Upstream> upstream();

  /// A parameter of the node's configuration as SHOW prints it.
  Optional<String> show(String name);

  /// The version of PostgreSQL whose WAL this is, as `server_version` reports it.
  String serverVersion();
}
