/// The WAL log on disk: append, fsync, tail, keep, recycle. See the module's README.md.
module org.walstream.store {
  requires static org.jspecify;
  requires transitive org.walstream.wal;
  requires org.slf4j;

  exports org.walstream.store;
}
