/// See the module's README.md.
module org.walstream.receive {
  requires static org.jspecify;
  requires transitive org.walstream.wal;
  requires transitive org.walstream.wire;
  requires transitive org.walstream.store;

  exports org.walstream.receive;
  exports org.walstream.receive.backup;
}
