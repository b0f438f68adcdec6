package org.walstream.wire.transport;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Somebody's wish that work come to an end, which reaches whoever waits: for a name, a connection,
/// an answer, a pause to be over. A thread cannot be woken from all of these in one way, and is
/// never interrupted, since that closes channels under others; so who begins to wait says how the
/// wait is ended, a channel by closing it, a parked thread by unparking it:
///
/// ```java
/// try (var _ = stop.during(transport)) {      // from here on, raise() closes the transport
///   transport.read(buffer);                   // fails then
/// }                                           // no longer
/// try (var _ = stop.during(() -> LockSupport.unpark(thread))) {
///   while (!stop.isRaised() && …) {
///     LockSupport.parkNanos(…);
///   }
/// }
/// ```
///
/// A wait that begins once the signal has been raised is ended at once. What fails while the signal
/// is raised has failed of that: [#check] says so.
///
/// Any thread may raise, once and for all; waits may nest, and may be those of several threads. The
/// end of a wait may come a moment after its thread has stopped waiting, so it must do no harm
/// then.
public final class StopSignal {

  private final Set<Wait> waits = new LinkedHashSet<>();
  private volatile boolean raised;

  /// A signal that nobody has raised yet.
  public StopSignal() {}

  public boolean isRaised() {
    return raised;
  }

  /// @throws StoppedException if it is raised
  public void check() throws StoppedException {
    if (raised) {
      throw new StoppedException();
    }
  }

  /// Ends every wait there is, and those to come. Does not wait itself.
  ///
  /// @throws UncheckedIOException if the end of a wait has failed, after all have been ended
  public void raise() {
    List<Wait> present;
    synchronized (waits) {
      raised = true;
      present = List.copyOf(waits);
      waits.clear();
    }
    @Nullable UncheckedIOException failure = null;
    for (Wait wait : present) {
      try {
        wait.end();
      } catch (UncheckedIOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /// A wait begins, which `end` ends. It is over when the returned object is closed.
  public Wait during(Closeable end) {
    var wait = new Wait(end);
    synchronized (waits) {
      if (!raised) {
        waits.add(wait);
        return wait;
      }
    }
    wait.end();
    return wait;
  }

  /// One wait, between [#during] and [#close].
  public final class Wait implements AutoCloseable {

    private final Closeable end;

    private Wait(Closeable end) {
      this.end = end;
    }

    private void end() {
      try {
        end.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      synchronized (waits) {
        waits.remove(this);
      }
    }
  }
}
