/// Replay of WAL into a data directory. See the module's README.md.
module org.walstream.redo {
  requires static org.jspecify;
  requires transitive org.walstream.wal;
  requires transitive org.walstream.file;
  requires org.slf4j;

  exports org.walstream.redo;
  exports org.walstream.redo.block;
  exports org.walstream.redo.buffer;
  exports org.walstream.redo.control;
  exports org.walstream.redo.page;
  exports org.walstream.redo.recovery;
  exports org.walstream.redo.relation;
  exports org.walstream.redo.replay;
  exports org.walstream.redo.rmgr;
  exports org.walstream.redo.slru;
  exports org.walstream.redo.storage;
}
