package org.walstream.observe.sql.view;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32C;

/// The numbers of users. A node's users have names only; PostgreSQL's views have numbers too, so
/// that they can be joined. The same name has the same number on every node and at every time.
public final class RoleOids {

  /// FirstNormalObjectId
  private static final int FIRST = 16384;

  /// The owner of all there is, as in any cluster.
  public static final int BOOTSTRAP_SUPERUSER = 10;

  public static final String OWNER = "walstream";

  /// Roles that PostgreSQL makes, from pg_authid.dat, as far as a node has what they allow.
  public static final Map<String, Integer> PREDEFINED =
      Map.of(
          "pg_monitor", 3373,
          "pg_read_all_settings", 3374,
          "pg_read_all_stats", 3375,
          "pg_signal_backend", 4200);

  private RoleOids() {}

  public static int of(String user) {
    var crc = new CRC32C();
    crc.update(user.getBytes(StandardCharsets.UTF_8));
    return FIRST + (int) (crc.getValue() % (Integer.MAX_VALUE - FIRST));
  }
}
