package org.walstream.file;

/// Waits for the end of a thread that uses files. Such a thread is never interrupted ([OpenFile]),
/// and who waits for it must not go before it has ended: its files would be closed under it. An
/// interrupt meanwhile stays for later.
public final class ThreadEnd {

  private ThreadEnd() {}

  /// Returns when `thread` has ended.
  public static void await(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
