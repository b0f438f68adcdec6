/// Certificates, keys and lists of revoked certificates for tests of TLS, made with nothing but the
/// JDK. What they are is for OpenSSL to say: PostgreSQL's own servers and clients read the same
/// files.
@NullMarked
package org.walstream.testkit.tls;

import org.jspecify.annotations.NullMarked;
