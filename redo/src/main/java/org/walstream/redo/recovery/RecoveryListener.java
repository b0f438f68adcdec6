package org.walstream.redo.recovery;

/// Hears what recovery has to say, as a server's startup process logs it. Called by the thread that
/// recovers; not per record.
public interface RecoveryListener {

  void log(String message);

  void warning(String message);
}
