package org.walstream.wire.client;

import java.io.IOException;
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

  private NameLookup() {}

  /// @throws UnknownHostException if there is no such name, or nobody to ask
  /// @throws StoppedException if `stop` was raised meanwhile
  static List<InetAddress> addresses(String name, StopSignal stop)
      throws UnknownHostException, StoppedException {
    var answer = new CompletableFuture<List<InetAddress>>();
    try (var _ = stop.during(() -> answer.completeExceptionally(new StoppedException()))) {
      Thread.ofPlatform().name("walstream-lookup").daemon().start(() -> ask(name, answer));
      return answer.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case UnknownHostException unknown -> throw unknown;
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

  /// Why a name has no address, in the system's words: Java puts them behind the name, and leaves
  /// them out when it remembers a failure.
  static String reason(String name, UnknownHostException failure) {
    String message = String.valueOf(failure.getMessage());
    String prefix = name + ": ";
    return message.startsWith(prefix)
        ? message.substring(prefix.length())
        : "Name or service not known";
  }
}
