package org.walstream.wire.client;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.walstream.wire.transport.StopSignal;
import org.walstream.wire.transport.StoppedException;

/// Asks the system for the addresses of a name. The system's resolver cannot be called off, so it
/// is asked on a thread of its own, and left alone with its question when nobody wants the answer
/// any more.
final class NameLookup {

  private static final String UNKNOWN = "Name or service not known";

  private NameLookup() {}

  /// @throws UnknownHostException in libpq's words if there is no such name, or nobody to ask
  /// @throws StoppedException if `stop` was raised meanwhile
  static List<InetAddress> addresses(String name, StopSignal stop)
      throws UnknownHostException, StoppedException {
    var answer = new CompletableFuture<List<InetAddress>>();
    try (var _ = stop.during(() -> answer.completeExceptionally(new StoppedException()))) {
      Thread.ofPlatform().name("walstream-lookup").daemon().start(() -> ask(name, answer));
      return answer.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case UnknownHostException unknown -> throw inWords(name, unknown);
        case StoppedException stopped -> throw stopped;
        case null, default -> throw e;
      }
    }
  }

  private static void ask(String name, CompletableFuture<List<InetAddress>> answer) {
    try {
      answer.complete(List.of(InetAddress.getAllByName(name)));
    } catch (IOException | RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  /// An address as it is written, without asking anybody.
  ///
  /// @throws UnknownHostException if `text` is a name, or nothing
  static InetAddress numeric(String text) throws UnknownHostException {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException notUsual) {
      try {
        return Inet4Address.ofPosixLiteral(text); // 127.1, as getaddrinfo() takes it too
      } catch (IllegalArgumentException notAnAddress) {
        throw new UnknownHostException(
            "could not parse network address \"%s\": %s".formatted(text, UNKNOWN));
      }
    }
  }

  /// What libpq says of a name without an address. Java has the system's reason behind the name,
  /// and leaves it out when it remembers a failure.
  private static UnknownHostException inWords(String name, UnknownHostException failure) {
    String message = String.valueOf(failure.getMessage());
    String prefix = name + ": ";
    var said =
        new UnknownHostException(
            "could not translate host name \"%s\" to address: %s"
                .formatted(
                    name,
                    message.startsWith(prefix) ? message.substring(prefix.length()) : UNKNOWN));
    said.initCause(failure);
    return said;
  }
}
