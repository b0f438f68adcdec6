/// LISTEN: what happens to replication is pushed to the sessions that want to hear of it.
@NullMarked
package org.walstream.send.notify;

import org.jspecify.annotations.NullMarked;
