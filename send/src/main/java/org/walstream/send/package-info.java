/// The server of WAL: whoever follows this node connects here, with PostgreSQL's own protocol.
///
/// `server.WalServer` listens and holds the sessions; `hba` and `user` say who may in; `command`
/// reads replication commands, `walsender` streams, `slot` remembers places; `sql` answers the
/// status views. This package has what they share.
///
/// Counterpart of src/backend/replication/ and of the postmaster's part in it. Immutable values
/// throughout.
@NullMarked
package org.walstream.send;

import org.jspecify.annotations.NullMarked;
