package org.walstream.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// A program run as a child process, to be killed at a bad moment and started again; what it prints
/// is kept. It does not outlive the JVM that runs it.
///
/// ```java
/// try (var receiver = CrashProcess.java("org.walstream.cli.Main", "receive", "-D", directory)) {
///   receiver.awaitPrinted("streaming");
///   receiver.killWithin(random, Duration.ofSeconds(2));
/// }
/// ```
public final class CrashProcess implements AutoCloseable {

  private static final Duration EXIT_TIMEOUT = Duration.ofMinutes(5);

  private final List<String> command;
  private final Process process;
  private final StringWriter output = new StringWriter();
  private final StringWriter errors = new StringWriter();
  private final List<Thread> readers;
  private final Thread killAtExit;

  private CrashProcess(List<String> command, Process process) {
    this.command = command;
    this.process = process;
    this.killAtExit = new Thread(process::destroyForcibly);
    AtExit.run(killAtExit);
    this.readers =
        List.of(keep(process.getInputStream(), output), keep(process.getErrorStream(), errors));
  }

  public static CrashProcess start(List<String> command) {
    return start(new ProcessBuilder(command));
  }

  /// Starts what `builder` describes: for a directory or environment of one's own.
  public static CrashProcess start(ProcessBuilder builder) {
    try {
      return new CrashProcess(builder.command(), builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException("could not start " + String.join(" ", builder.command()), e);
    }
  }

  /// Runs `mainClass` in a JVM of its own, on this JVM's class path.
  public static CrashProcess java(String mainClass, String... arguments) {
    return start(javaCommand(List.of(), mainClass, arguments));
  }

  /// The words that run `mainClass` on this JVM's class path, with further `options` of the JVM.
  public static List<String> javaCommand(
      List<String> options, String mainClass, String... arguments) {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var words =
        new ArrayList<>(
            List.of(java, "-XX:+UseSerialGC", "-Xmx128m", "--enable-native-access=ALL-UNNAMED"));
    words.addAll(options);
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    words.addAll(List.of(arguments));
    return words;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /// SIGKILL, and waits until the process is gone. What it had printed by then is kept to the last
  /// byte: Process.destroyForcibly() would close the pipe on what is still in it.
  public void kill9() {
    process.toHandle().destroyForcibly();
    awaitExit();
  }

  /// SIGKILL at a random moment within `longest`; returns how long it was let live.
  public Duration killWithin(RandomGenerator random, Duration longest) {
    var life = Duration.ofNanos(random.nextLong(longest.toNanos()));
    Eventually.sleep(life);
    kill9();
    return life;
  }

  /// Sends a signal by its name, such as `INT` or `HUP`.
  public void signal(String name) {
    Command.signal(process.pid(), name);
  }

  /// Waits for the end and returns the exit code (128 + n after signal n).
  public int awaitExit() {
    try {
      if (!process.waitFor(EXIT_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("not ended after " + EXIT_TIMEOUT + ": " + this);
      }
      for (var reader : readers) {
        reader.join(EXIT_TIMEOUT);
      }
      AtExit.forget(killAtExit);
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + this, e);
    }
  }

  /// Waits at most so long; true when it has ended.
  public boolean waitFor(long time, TimeUnit unit) throws InterruptedException {
    return process.waitFor(time, unit);
  }

  /// What it has printed to standard output so far.
  public String output() {
    return output.toString();
  }

  /// What it has printed to standard error so far.
  public String errors() {
    return errors.toString();
  }

  /// Waits until `text` has appeared on standard output or standard error.
  ///
  /// @throws AssertionError with all that it has printed, if it has ended without
  public void awaitPrinted(String text) {
    try {
      Eventually.holds("\"" + text + "\" is printed", () -> hasPrinted(text));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + " by " + this, e);
    }
  }

  /// Whether it has ended is asked first: what it prints last may come between two looks.
  private boolean hasPrinted(String text) {
    boolean saysNoMore = !process.isAlive() && readers.stream().noneMatch(Thread::isAlive);
    if (output().contains(text) || errors().contains(text)) {
      return true;
    }
    if (saysNoMore) {
      throw new AssertionError("ended without \"" + text + "\" being printed");
    }
    return false;
  }

  @Override
  public void close() {
    kill9();
  }

  @Override
  public String toString() {
    return "%s%n%s%s".formatted(String.join(" ", command), output, errors);
  }

  private static Thread keep(InputStream in, StringWriter text) {
    return Thread.ofPlatform().daemon().name("crash-process output").start(() -> read(in, text));
  }

  private static void read(InputStream in, StringWriter text) {
    var buffer = new char[8192];
    try (var reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      for (var read = reader.read(buffer); read >= 0; read = reader.read(buffer)) {
        text.write(buffer, 0, read);
      }
    } catch (IOException e) {
      // the process was killed
    }
  }
}
