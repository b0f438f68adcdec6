/// `walstream standby` and `walstream promote`: a standby's data directory is replayed
/// continuously, and handed over.
///
/// Start reading at [org.walstream.cli.standby.StandbyCommand].
@NullMarked
package org.walstream.cli.standby;

import org.jspecify.annotations.NullMarked;
