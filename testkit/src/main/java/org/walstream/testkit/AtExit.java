package org.walstream.testkit;

/// What is to be done when the JVM exits before somebody has closed what they opened.
final class AtExit {

  private AtExit() {}

  static void run(Thread hook) {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // exiting already: the hook runs or has run, and may run twice
    }
  }
}
