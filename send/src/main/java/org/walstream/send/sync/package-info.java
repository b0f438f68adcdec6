/// Which standbys somebody waits for: `synchronous_standby_names`, and what follows from it.
@NullMarked
package org.walstream.send.sync;

import org.jspecify.annotations.NullMarked;
