/// The WAL log on disk: append, fsync, tail, keep, recycle. See the module's README.md.
module org.walstream.store {
  requires static org.jspecify;
  requires transitive org.walstream.wal;
  requires transitive org.walstream.file;
  requires org.slf4j;

  // Only there where segments are compressed.
  requires static com.github.luben.zstd_jni;
  requires static org.lz4.java;

  exports org.walstream.store;
  exports org.walstream.store.backfill;
  exports org.walstream.store.check;
  exports org.walstream.store.compress;
  exports org.walstream.store.segment;
}
