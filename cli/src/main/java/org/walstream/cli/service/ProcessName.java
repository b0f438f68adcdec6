package org.walstream.cli.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What `ps -e`, `top` and `pgrep` call this process: without it, `java`, as all of them. A
/// server's whole title, which says what it is at, is `STATUS=` here ([ServiceManager]): the words
/// that `ps -f` shows are the JVM's, in memory that is not ours to write to.
///
/// Source: proc_pid_comm(5).
public final class ProcessName {

  private static final Logger LOG = LoggerFactory.getLogger(ProcessName.class);
  private static final Path COMM = Path.of("/proc/self/comm");

  private ProcessName() {}

  /// @param name of at most 15 bytes; the rest is cut off
  public static void set(String name) {
    if (!Files.isWritable(COMM)) {
      return; // another system than Linux
    }
    try {
      Files.writeString(COMM, name, StandardOpenOption.WRITE);
    } catch (IOException e) {
      LOG.debug("the process keeps its name: {}", e.getMessage());
    }
  }
}
