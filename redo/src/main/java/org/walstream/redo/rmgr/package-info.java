/// What the records of each resource manager do to pages: one class for each, and nothing in it
/// that reads a file, knows a pool, or looks at another page.
///
/// [PageRedo] says what such a class answers; [PageRedos] has them all. What a record does beyond
/// the blocks that it refers to is not here.
@NullMarked
package org.walstream.redo.rmgr;

import org.jspecify.annotations.NullMarked;
