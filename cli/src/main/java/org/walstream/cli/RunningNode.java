package org.walstream.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.walstream.node.NodeDirectory;
import org.walstream.node.PidFile;

/// The process that runs a node, found by the node's pid file, and the signals it understands.
final class RunningNode {

  private final long pid;

  private RunningNode(long pid) {
    this.pid = pid;
  }

  /// @throws IOException if `directory` is not a node's, or no process runs it
  static RunningNode of(Path directory) throws IOException {
    var node = new NodeDirectory(directory);
    node.requireNode();
    OptionalLong pid = PidFile.runningProcess(node.pidFile());
    if (pid.isEmpty()) {
      throw new IOException("no node is running in directory \"" + directory + "\"");
    }
    return new RunningNode(pid.getAsLong());
  }

  long pid() {
    return pid;
  }

  boolean isAlive() {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /// Asks for an orderly stop (SIGTERM).
  void stop() {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
  }

  /// Asks the node to read its configuration again (SIGHUP).
  void reload() throws IOException, InterruptedException {
    int status =
        new ProcessBuilder("kill", "-HUP", Long.toString(pid)).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException("could not send reload signal (PID: " + pid + ")");
    }
  }
}
