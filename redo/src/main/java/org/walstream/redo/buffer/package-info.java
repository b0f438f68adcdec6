/// Pages in memory: which are there, where, and how they come and go. One pool is one thread's.
@NullMarked
package org.walstream.redo.buffer;

import org.jspecify.annotations.NullMarked;
