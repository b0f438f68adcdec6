package org.walstream.redo.recovery;

import java.io.IOException;

/// Hears what recovery has to say, as a server's startup process logs it. Called by the thread that
/// recovers; not per record.
public interface RecoveryListener {

  /// The directory is consistent from here on: a server would let readers in now.
  ///
  /// @throws IOException if that cannot be told; it ends recovery
  default void consistencyReached() throws IOException {}

  void log(String message);

  void warning(String message);
}
