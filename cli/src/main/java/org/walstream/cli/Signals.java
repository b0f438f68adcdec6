package org.walstream.cli;

import java.io.IOException;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/// What the operating system's signals do to the program.
///
/// The only place that knows sun.misc.Signal, for which the JDK has no other name.
public final class Signals {

  private static final int QUIT = 3;

  private Signals() {}

  /// From now on the signal of this name, such as `TERM`, runs `action` on a thread of its own in
  /// place of ending the program.
  ///
  /// That holds as well when whoever started the program had the signal ignored, as a shell without
  /// job control has SIGINT for what it runs in the background, and nohup has SIGHUP. PostgreSQL's
  /// programs install their handlers whatever they inherited; the JVM leaves an ignored SIGHUP,
  /// SIGINT or SIGTERM as it is, and says so.
  public static void on(String name, Runnable action) {
    var signal = new Signal(name);
    SignalHandler handler = _ -> action.run();
    if (staysIgnored(signal, handler)) {
      SignalAction.restore(signal.getNumber());
      if (staysIgnored(signal, handler)) {
        throw new IllegalStateException("could not set handler for signal " + name);
      }
    }
  }

  /// From now on SIGQUIT ends the program as a server ends at it (`pg_ctl stop -m immediate`): at
  /// once, whatever it is at. The JVM would show its threads in place of that; `jcmd PID
  /// Thread.print` does still.
  public static void quitAtOnce() {
    SignalAction.exit(QUIT);
  }

  /// Sends the signal of this name to another process, without any program's help: there need not
  /// be a `kill` on the machine.
  ///
  /// @param what the signal asks for, for the message, which is pg_ctl's
  /// @throws IOException if it could not be sent
  public static void send(long pid, String name, String what) throws IOException {
    String refusal = SignalAction.send(pid, new Signal(name).getNumber());
    if (!refusal.isEmpty()) {
      throw new IOException("could not send %s signal (PID: %d): %s".formatted(what, pid, refusal));
    }
  }

  private static boolean staysIgnored(Signal signal, SignalHandler handler) {
    return SignalHandler.SIG_IGN.equals(Signal.handle(signal, handler));
  }
}
