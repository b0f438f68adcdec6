package org.walstream.send.replication;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.walstream.send.SendSettings;
import org.walstream.send.slot.ReplicationSlots;
import org.walstream.send.walsender.WalSenders;
import org.walstream.store.WalStore;

/// What all replication connections of a server share.
///
/// @param show the value of a setting as SHOW prints it, for settings the WAL itself does not
///   answer
public record ReplicationParts(
    WalStore store,
    WalSenders senders,
    ReplicationSlots slots,
    Supplier<SendSettings> settings,
    Function<String, Optional<String>> show) {}
