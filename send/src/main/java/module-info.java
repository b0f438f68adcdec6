/// See the module's README.md.
module org.walstream.send {
  requires static org.jspecify;
  requires transitive org.walstream.wal;
  requires transitive org.walstream.wire;
  requires transitive org.walstream.store;
  requires org.slf4j;
}
