/// PostgreSQL's frontend/backend protocol, both ends. This package holds the words that all the
/// others share; the messages, the steps of authentication, the replication messages, connection
/// strings and the connections themselves each have a package of their own below it.
@NullMarked
package org.walstream.wire;

import org.jspecify.annotations.NullMarked;
