/// The pages of all relations while WAL is replayed into them: which thread owns which, in memory
/// and out of it.
@NullMarked
package org.walstream.redo.replay;

import org.jspecify.annotations.NullMarked;
