/// One record, one block: the rule by which every page is redone, and the check of it.
@NullMarked
package org.walstream.redo.block;

import org.jspecify.annotations.NullMarked;
