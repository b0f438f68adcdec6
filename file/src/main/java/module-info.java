/// How bytes become durable: the seam to the file system under everything that writes. See the
/// module's README.md.
module org.walstream.file {
  requires static org.jspecify;
  requires jdk.unsupported; // com.sun.nio.file.ExtendedOpenOption
  requires org.slf4j;

  exports org.walstream.file;
}
