/// A server's data directory, as commands meet it that work in place of the server.
@NullMarked
package org.walstream.cli.cluster;

import org.jspecify.annotations.NullMarked;
