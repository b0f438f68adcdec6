/// Placeholder until the module's first class lands in this same session.
@NullMarked
package org.walstream.node;

import org.jspecify.annotations.NullMarked;
