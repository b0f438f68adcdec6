/// WAL made to order, for tests: of this module, and, as its test jar, of all others.
@NullMarked
package org.walstream.wal.crafted;

import org.jspecify.annotations.NullMarked;
