package org.walstream.send.sql;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.walstream.send.ClientIdentity;

/// What a connection has of its own: who it is, what it may see, what it has set. One thread.
public final class SqlSession {

  private final ClientIdentity client;
  private final boolean monitor;
  private final Map<String, String> settings = new LinkedHashMap<>();

  /// @param monitor whether the user may see the details of others (pg_read_all_stats)
  public SqlSession(ClientIdentity client, boolean monitor) {
    this.client = client;
    this.monitor = monitor;
    settings.put("application_name", client.applicationName());
  }

  public ClientIdentity client() {
    return client;
  }

  public boolean mayMonitor() {
    return monitor;
  }

  /// A setting of this session.
  public Optional<String> setting(String name) {
    return Optional.ofNullable(settings.get(name));
  }

  void set(String name, String value) {
    settings.put(name, value);
  }
}
