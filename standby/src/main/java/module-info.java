/// A standby's startup process: archive, stream, replay, promote. See the module's README.md.
module org.walstream.standby {
  requires static org.jspecify;
  requires transitive org.walstream.wal;
  requires transitive org.walstream.file;
  requires transitive org.walstream.redo;
  requires transitive org.walstream.wire;
  requires transitive org.walstream.receive;
  requires transitive org.walstream.store;
  requires org.slf4j;

  exports org.walstream.standby;
  exports org.walstream.standby.supply;
}
