/// How bytes become durable: create, write, force, rename, force the directory; space reserved
/// ahead; one writer per directory.
///
/// [org.walstream.file.FileLayer] is the seam: whatever writes takes one, and tests decorate it to
/// record each step, to fail at it, or to forget what was not forced.
@NullMarked
package org.walstream.file;

import org.jspecify.annotations.NullMarked;
