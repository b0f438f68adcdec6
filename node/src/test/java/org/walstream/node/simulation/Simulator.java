package org.walstream.node.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;

/// Who runs next, and what time it is.
///
/// Simulated threads are the JDK's virtual threads, carried by the one thread that calls [#step]:
/// each runs until it waits. Of those that could run, chance picks the next one; when none could,
/// time leaps to the next moment for which somebody waits. Nothing else moves, so that all of it is
/// the seed's.
final class Simulator {

  /// So many steps without time passing are a loop that waits for nothing.
  private static final int STEPS_AT_ONE_TIME_MAX = 2_000_000;

  /// So long a step that is to come from outside is waited for, by the real clock, before it is
  /// taken to wait for the simulated one.
  private static final long OUTSIDE_NANOS = 5_000_000_000L;

  /// Something to be done at a time.
  final class Timer implements Comparable<Timer> {

    private final long nanos;
    private final long number;
    private final Runnable action;

    private Timer(long nanos, long number, Runnable action) {
      this.nanos = nanos;
      this.number = number;
      this.action = action;
    }

    void cancel() {
      timers.remove(this);
    }

    @Override
    public int compareTo(Timer other) {
      int byTime = Long.compare(nanos, other.nanos);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  private final SplittableRandom random;
  private final Thread carrier = Thread.currentThread();
  private final List<Runnable> ready = new ArrayList<>();
  private final Queue<Runnable> fromOutside = new ConcurrentLinkedQueue<>();
  private final NavigableSet<Timer> timers = new TreeSet<>();
  private final List<Throwable> failures = new ArrayList<>();

  /// Not 0, which some take for never.
  private long nanos = 1_000_000_000;

  private long timerCount;

  /// How many steps are to come from outside.
  private int expected;

  private long steps;
  private int stepsAtThisTime;

  Simulator(long seed) {
    random = new SplittableRandom(seed);
  }

  /// The only source of chance.
  RandomGenerator random() {
    return random;
  }

  long nanoTime() {
    return nanos;
  }

  /// How many steps have been made; where in a run something happened.
  long steps() {
    return steps;
  }

  /// Has `step` run when its turn comes. The JDK's own threads, which wake who has waited for a
  /// monitor, ask for it too: what comes from there is no seed's doing, but is not lost.
  void ready(Runnable step) {
    Thread current = Thread.currentThread();
    if (current == carrier || current.isVirtual()) {
      ready.add(step);
    } else {
      fromOutside.add(step);
    }
  }

  /// So many threads more wait for monitors: the JDK's own threads will ask for their next step.
  void expectFromOutside(int more) {
    expected += more;
  }

  Timer after(long delayNanos, Runnable action) {
    var timer = new Timer(nanos + Math.max(0, delayNanos), ++timerCount, action);
    timers.add(timer);
    return timer;
  }

  /// Something has happened that may not.
  void failed(Throwable failure) {
    failures.add(failure);
  }

  /// Makes one step.
  ///
  /// @return false when there is nothing to be done any more, by anybody
  boolean step() {
    if (!failures.isEmpty()) {
      var failure = new AssertionError("a simulated thread has failed", failures.getFirst());
      failures.stream().skip(1).forEach(failure::addSuppressed);
      throw failure;
    }
    steps++;
    takeFromOutside();
    if (ready.isEmpty() && expected > 0) {
      awaitOutside();
    }
    if (ready.isEmpty()) {
      return leap();
    }
    if (++stepsAtThisTime > STEPS_AT_ONE_TIME_MAX) {
      throw new AssertionError("somebody goes round and round without waiting");
    }
    int next = random.nextInt(ready.size());
    Runnable chosen = ready.get(next);
    Runnable last = ready.removeLast();
    if (next < ready.size()) {
      ready.set(next, last);
    }
    chosen.run();
    return true;
  }

  private void takeFromOutside() {
    for (Runnable step = fromOutside.poll(); step != null; step = fromOutside.poll()) {
      ready.add(step);
    }
  }

  private void awaitOutside() {
    long begun = System.nanoTime();
    while (fromOutside.isEmpty() && System.nanoTime() - begun < OUTSIDE_NANOS) {
      Thread.onSpinWait();
    }
    takeFromOutside();
  }

  private boolean leap() {
    Timer timer = timers.pollFirst();
    if (timer == null) {
      return false;
    }
    if (timer.nanos > nanos) {
      nanos = timer.nanos;
      stepsAtThisTime = 0;
    }
    timer.action.run();
    return true;
  }
}
