/// The files of relations and databases: what they are called, how long they are, and how replay
/// makes, grows, shrinks and removes them.
///
/// Counterpart of src/backend/storage/smgr/md.c as recovery uses it, of src/common/relpath.c, and
/// of the file work in src/backend/commands/dbcommands.c. Start with
/// [org.walstream.redo.relation.RelationFiles].
///
/// Threads: blocks may be read and written by any number at once; what changes whole files is the
/// business of one thread while nobody uses them.
@NullMarked
package org.walstream.redo.relation;

import org.jspecify.annotations.NullMarked;
