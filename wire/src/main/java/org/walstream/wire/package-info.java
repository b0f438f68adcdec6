/// Placeholder until the module's first class lands in this same session.
@NullMarked
package org.walstream.wire;

import org.jspecify.annotations.NullMarked;
