/// Placeholder until the module's first class lands in this same session.
@NullMarked
package org.walstream.bench;

import org.jspecify.annotations.NullMarked;
