/// JSON texts: what is in them, and how PostgreSQL writes them. Start reading at [JsonNode].
/// Immutable.
@NullMarked
package org.walstream.observe.sql.json;

import org.jspecify.annotations.NullMarked;
