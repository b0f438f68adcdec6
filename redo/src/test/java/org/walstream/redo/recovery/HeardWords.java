package org.walstream.redo.recovery;

import java.util.ArrayList;
import java.util.List;

/// What recovery has said.
final class HeardWords implements RecoveryListener {

  final List<String> words = new ArrayList<>();

  @Override
  public void log(String message) {
    words.add(message);
  }

  @Override
  public void warning(String message) {
    words.add("warning: " + message);
  }
}
