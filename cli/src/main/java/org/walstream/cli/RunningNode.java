package org.walstream.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.walstream.node.NodeDirectory;
import org.walstream.node.PidFile;

/// The process that runs a node, found by the node's pid file, and the signals it understands.
final class RunningNode {

  private final Path pidFile;
  private final long pid;

  private RunningNode(Path pidFile, long pid) {
    this.pidFile = pidFile;
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
    return new RunningNode(node.pidFile(), pid.getAsLong());
  }

  long pid() {
    return pid;
  }

  /// Whether it still holds the node's directory. A process that nobody has waited for yet, as in
  /// many a container, does not.
  boolean isAlive() throws IOException {
    OptionalLong now = PidFile.runningProcess(pidFile);
    return now.isPresent() && now.getAsLong() == pid;
  }

  /// Asks for an orderly stop (SIGTERM).
  void stop() throws IOException {
    Signals.send(pid, "TERM", "stop");
  }

  /// Asks the node to read its configuration again (SIGHUP).
  void reload() throws IOException {
    Signals.send(pid, "HUP", "reload");
  }
}
