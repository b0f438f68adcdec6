/// A server of WAL: authentication, pg_hba, walsenders, slots.
module org.walstream.send {
  requires static org.jspecify;
  requires transitive org.walstream.wal;
  requires transitive org.walstream.wire;
  requires transitive org.walstream.store;
  requires org.slf4j;

  exports org.walstream.send;
  exports org.walstream.send.command;
  exports org.walstream.send.guc;
  exports org.walstream.send.hba;
  exports org.walstream.send.notify;
  exports org.walstream.send.replication;
  exports org.walstream.send.server;
  exports org.walstream.send.slot;
  exports org.walstream.send.sql;
  exports org.walstream.send.sync;
  exports org.walstream.send.walsender;
}
