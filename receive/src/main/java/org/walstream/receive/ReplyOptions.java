package org.walstream.receive;

/// How replies are to be made.
///
/// @param synchronous report every fsync at once
/// @param reportFlush tell what is durable; false says "unknown", so that a receiver nobody has
///   made responsible (no slot, not synchronous) is never waited for
/// @param statusIntervalNanos the longest pause between reports; 0 for none
/// @param receiverTimeoutNanos give the sender up after so much silence; 0 for never
record ReplyOptions(
    boolean synchronous,
    boolean reportFlush,
    long statusIntervalNanos,
    long receiverTimeoutNanos) {}
