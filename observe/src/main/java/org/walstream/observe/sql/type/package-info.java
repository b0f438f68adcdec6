/// PostgreSQL's types and texts, and how the engine carries them: start reading at [TypeTag].
/// Immutable.
@NullMarked
package org.walstream.observe.sql.type;

import org.jspecify.annotations.NullMarked;
