/// What records do beyond the pages that they refer to: transactions' status, multixacts, files of
/// relations, databases and tablespaces, relation maps, prepared transactions, origins. One thread
/// does all of it, in the order of WAL.
@NullMarked
package org.walstream.redo.control;

import org.jspecify.annotations.NullMarked;
