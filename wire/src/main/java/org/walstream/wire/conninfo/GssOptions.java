package org.walstream.wire.conninfo;

import static org.walstream.wire.conninfo.ConnInfoOption.*;

import java.util.List;

/// Checks the options of GSSAPI, which this program does not have: wrong values are refused, and so
/// is the one that insists on it, in the words of a libpq that is built without. The others have no
/// effect.
///
/// Counterpart: pqConnectOptions2(), fe-connect.c, without ENABLE_GSS.
final class GssOptions {

  private GssOptions() {}

  static void check(ConnInfo conninfo) {
    String mode = conninfo.get(GSSENCMODE).orElse("");
    if (conninfo.has(GSSENCMODE) && !List.of("disable", "prefer", "require").contains(mode)) {
      throw ConnInfoException.invalidValue(GSSENCMODE, mode);
    }
    if (mode.equals("require")) {
      throw new ConnInfoException(
          "gssencmode value \"require\" invalid when GSSAPI support is not compiled in");
    }
  }
}
