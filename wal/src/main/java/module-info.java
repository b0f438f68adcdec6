/// PostgreSQL's write-ahead log as a Java library: what the bytes mean.
module org.walstream.wal {
  requires static org.jspecify;

  // Only there where page images are compressed.
  requires static com.github.luben.zstd_jni;
  requires static org.lz4.java;

  exports org.walstream.wal;
  exports org.walstream.wal.control;
  exports org.walstream.wal.machine;
  exports org.walstream.wal.record;
  exports org.walstream.wal.rmgr;
  exports org.walstream.wal.rmgrdesc;
  exports org.walstream.wal.time;
}
