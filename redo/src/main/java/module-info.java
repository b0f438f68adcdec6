/// Replay of WAL into a data directory. See the module's README.md.
module org.walstream.redo {
  requires static org.jspecify;
  requires transitive org.walstream.wal;
  requires transitive org.walstream.file;
  requires org.slf4j;

  exports org.walstream.redo.page;
  exports org.walstream.redo.relation;
  exports org.walstream.redo.slru;
  exports org.walstream.redo.storage;
}
