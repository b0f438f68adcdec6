/// `walstream check`: proves a directory of WAL, or looks at a node and its upstream and says what
/// is wrong and what to do. Start reading at [org.walstream.cli.check.CheckCommand].
@NullMarked
package org.walstream.cli.check;

import org.jspecify.annotations.NullMarked;
