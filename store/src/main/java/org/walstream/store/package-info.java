/// Placeholder until the module's first class lands in this same session.
@NullMarked
package org.walstream.store;

import org.jspecify.annotations.NullMarked;
