package org.walstream.cli.service;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The service manager that has started the program, which wants to know how it does: systemd, for
/// a unit of `Type=notify` or `notify-reload`. Without one nobody is told.
///
/// | environment | |
/// |---|---|
/// | `NOTIFY_SOCKET` | where it listens |
/// | `WATCHDOG_USEC` | it wants a sign of life at least that often |
///
/// Thread-safe. The messages: sd_notify(3).
public final class ServiceManager {

  private static final Duration STATUS_INTERVAL = Duration.ofSeconds(1);

  private final @Nullable NotifySocket socket;
  private final long watchdogNanos;

  private ServiceManager(@Nullable NotifySocket socket, long watchdogNanos) {
    this.socket = socket;
    this.watchdogNanos = watchdogNanos;
  }

  /// That of this process.
  public static ServiceManager ofProcess() {
    String name = System.getenv("NOTIFY_SOCKET");
    NotifySocket socket = name == null ? null : NotifySocket.to(name);
    String watchdog = System.getenv("WATCHDOG_USEC");
    long micros =
        watchdog == null || !watchdog.matches("[0-9]{1,15}") ? 0 : Long.parseLong(watchdog);
    return new ServiceManager(socket, micros * 1000);
  }

  /// The service has started.
  public void ready() {
    send("READY=1");
  }

  /// Configuration is being read again; [#ready] follows.
  public void reloading() {
    send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
  }

  public void stopping() {
    send("STOPPING=1");
  }

  /// From now on tells what the service is at, when it changes, and that it lives.
  ///
  /// @param status one line; whoever makes it must not wait for long
  public void follow(Supplier<String> status) {
    if (socket != null) {
      Thread.ofPlatform().daemon().name("service manager").start(() -> tell(status));
    }
  }

  private void tell(Supplier<String> status) {
    long interval = STATUS_INTERVAL.toNanos();
    if (watchdogNanos > 0) {
      interval = Math.min(interval, watchdogNanos / 3);
    }
    String last = "";
    try {
      while (true) {
        String now = status.get();
        if (!now.equals(last)) {
          send("STATUS=" + now);
          last = now;
        }
        if (watchdogNanos > 0) {
          send("WATCHDOG=1");
        }
        Thread.sleep(Duration.ofNanos(interval));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(String message) {
    if (socket != null) {
      socket.send(message);
    }
  }
}
