package org.walstream.node.simulation;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.walstream.wal.machine.Machine;

/// The life of a process: its threads, which stop for good where they are when it is killed, and
/// the clocks they look at.
final class SimulatedProcess implements Machine {

  private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

  /// The JDK lets nobody choose who carries a virtual thread but itself.
  private static final MethodHandle NEW_VIRTUAL_THREAD = newVirtualThread();

  private final Simulator simulator;
  private final List<Thread> threads = new ArrayList<>();
  private boolean killed;

  /// How many threads wait for monitors.
  private int blockedThreads;

  SimulatedProcess(Simulator simulator) {
    this.simulator = simulator;
  }

  /// SIGKILL: no thread makes another step.
  void kill() {
    killed = true;
    blocked(-blockedThreads);
  }

  private void blocked(int more) {
    blockedThreads += more;
    simulator.expectFromOutside(more);
  }

  boolean isKilled() {
    return killed;
  }

  /// Waits for chance to come back to this thread.
  void letOthersRun() {
    Thread thread = Thread.currentThread();
    simulator.ready(() -> LockSupport.unpark(thread));
    LockSupport.park(this);
  }

  /// Waits.
  void sleep(long durationNanos) {
    long deadline = nanoTime() + durationNanos;
    while (deadline - nanoTime() > 0) {
      parkNanos(this, deadline - nanoTime());
    }
  }

  /// Where its threads are, for people.
  String threads() {
    var text = new StringBuilder();
    for (Thread thread : threads) {
      if (thread.isAlive()) {
        text.append("  ").append(thread.getName()).append(System.lineSeparator());
        for (StackTraceElement frame : thread.getStackTrace()) {
          if (frame.getClassName().startsWith("org.walstream.")) {
            text.append("    ").append(frame).append(System.lineSeparator());
          }
        }
      }
    }
    return text.toString();
  }

  @Override
  public long nanoTime() {
    return simulator.nanoTime();
  }

  @Override
  public Instant now() {
    return BEGINNING.plusNanos(simulator.nanoTime());
  }

  @Override
  public void parkNanos(Object blocker, long nanos) {
    if (nanos <= 0) {
      return;
    }
    Thread thread = Thread.currentThread();
    Simulator.Timer timer = simulator.after(nanos, () -> LockSupport.unpark(thread));
    LockSupport.park(blocker);
    timer.cancel();
  }

  @Override
  public Thread platformThread(String name, Runnable work) {
    return virtualThread(name, work);
  }

  @Override
  public Thread virtualThread(String name, Runnable work) {
    try {
      var carrier = new Carrier();
      var thread =
          (Thread)
              NEW_VIRTUAL_THREAD.invoke((Executor) carrier, name, 0, (Runnable) () -> run(work));
      carrier.carried = thread;
      threads.removeIf(other -> other.getState() == Thread.State.TERMINATED);
      threads.add(thread);
      return thread;
    } catch (Throwable e) {
      throw new IllegalStateException("could not make a simulated thread", e);
    }
  }

  private void run(Runnable work) {
    try {
      work.run();
    } catch (Throwable e) {
      simulator.failed(e);
    }
  }

  /// Carries one thread, when its turn comes.
  private final class Carrier implements Executor {

    private @Nullable Thread carried;

    /// Whether the JDK's own threads will wake it.
    private boolean waitsForMonitor;

    @Override
    public void execute(Runnable continuation) {
      simulator.ready(() -> carry(continuation));
    }

    private void carry(Runnable continuation) {
      if (killed) {
        return;
      }
      if (waitsForMonitor) {
        waitsForMonitor = false;
        blocked(-1);
      }
      continuation.run();
      Thread.State state = requireNonNull(carried).getState();
      if (!killed && (state == Thread.State.BLOCKED || state == Thread.State.RUNNABLE)) {
        waitsForMonitor = true;
        blocked(1);
      }
    }
  }

  private static MethodHandle newVirtualThread() {
    try {
      Class<?> builders = Class.forName("java.lang.ThreadBuilders");
      return MethodHandles.privateLookupIn(builders, MethodHandles.lookup())
          .findStatic(
              builders,
              "newVirtualThread",
              MethodType.methodType(
                  Thread.class, Executor.class, String.class, int.class, Runnable.class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JDK makes virtual threads in another way", e);
    }
  }
}
