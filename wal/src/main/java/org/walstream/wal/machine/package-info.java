/// What a part needs of the computer it runs on, besides files and connections: its clocks and its
/// threads. In one place, so that a simulator can give it others.
@NullMarked
package org.walstream.wal.machine;

import org.jspecify.annotations.NullMarked;
