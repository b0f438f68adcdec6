/// The status of a node, and SQL over it.
module org.walstream.observe {
  requires static org.jspecify;
  requires transitive org.walstream.wal;
  requires transitive org.walstream.store;
  requires transitive org.walstream.receive;
  requires transitive org.walstream.send;
  requires org.slf4j;
  requires java.sql;
  requires com.h2database;
  requires net.sf.jsqlparser;

  exports org.walstream.observe;
  exports org.walstream.observe.change;
  exports org.walstream.observe.sql;

  // The engine finds functions by their names.
  exports org.walstream.observe.sql.function to
      com.h2database;
}
