/// A whole directory of WAL proven: [WalCheck] has every segment read, a [SegmentCheck] reads one,
/// a [WalReport] says what was found.
///
/// ```
///  segments ─▶ SegmentCheck ─┐
///  segments ─▶ SegmentCheck ─┼─▶ Coverage ─▶ WalReport
///  histories ────────────────┘
/// ```
@NullMarked
package org.walstream.store.check;

import org.jspecify.annotations.NullMarked;
