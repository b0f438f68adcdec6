package org.walstream.send.replication;

import java.util.function.Supplier;
import org.walstream.send.SendSettings;
import org.walstream.send.slot.ReplicationSlots;
import org.walstream.send.walsender.WalSenders;
import org.walstream.store.ServedWal;

/// What all replication connections of a server share.
public record ReplicationParts(
    ServedWal store, WalSenders senders, ReplicationSlots slots, Supplier<SendSettings> settings) {}
