/// Replay of WAL: records become pages and files, byte for byte as PostgreSQL's startup process
/// makes them.
///
/// Here stands what all of it must agree on: [RedoProfile], whose replay is imitated. Start reading
/// at the module's README.md.
@NullMarked
package org.walstream.redo;

import org.jspecify.annotations.NullMarked;
