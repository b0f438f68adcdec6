/// Connection strings as libpq reads them: `host=a,b port=5433 user=rep` and
/// `postgresql://rep@a:5433,b/?target_session_attrs=primary`, completed from a service file, the
/// `PG*` environment variables, the password file and the defaults.
///
/// The way of a setting: text, [ConnInfo] (what was written), [ConnInfo#completed] (with everything
/// libpq adds), [ConnectionSettings] (checked and typed, ready to connect). [ConnInfoOption] is the
/// one table of the words. Errors are [ConnInfoException]s in libpq's wording. A password is never
/// part of any text made here.
///
/// Counterpart: the connection options of src/interfaces/libpq/fe-connect.c, PG 18. Values are
/// immutable.
@NullMarked
package org.walstream.wire.conninfo;

import org.jspecify.annotations.NullMarked;
