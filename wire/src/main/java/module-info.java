/// See the module's README.md.
module org.walstream.wire {
  requires static org.jspecify;
  requires transitive org.walstream.wal;
  requires jdk.net;

  exports org.walstream.wire;
  exports org.walstream.wire.auth;
  exports org.walstream.wire.client;
  exports org.walstream.wire.conninfo;
  exports org.walstream.wire.message;
  exports org.walstream.wire.replication;
  exports org.walstream.wire.server;
  exports org.walstream.wire.tls;
  exports org.walstream.wire.transport;
}
