/// Recovery from beginning to end: where it starts, when the directory is consistent, where it
/// stops, and what is left behind for whoever goes on.
@NullMarked
package org.walstream.redo.recovery;

import org.jspecify.annotations.NullMarked;
