/// PostgreSQL's write-ahead log as a Java library: what the bytes mean.
module org.walstream.wal {
  requires static org.jspecify;

  exports org.walstream.wal;
  exports org.walstream.wal.record;
  exports org.walstream.wal.rmgr;
  exports org.walstream.wal.rmgrdesc;
}
