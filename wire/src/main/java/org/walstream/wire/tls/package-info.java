/// TLS: a [org.walstream.wire.transport.Transport] around another, with the JDK's engine; and
/// certificates, keys and names as PostgreSQL and libpq take them, in PEM files.
///
/// [org.walstream.wire.tls.ServerTls] and [org.walstream.wire.tls.ClientTls] are made of files and
/// make connections; [org.walstream.wire.tls.TlsSession] is what is known of one.
@NullMarked
package org.walstream.wire.tls;

import org.jspecify.annotations.NullMarked;
