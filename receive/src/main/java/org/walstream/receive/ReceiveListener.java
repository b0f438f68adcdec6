package org.walstream.receive;

/// Hears what a receiver does. Called on the receiver's thread, so it must be quick.
@FunctionalInterface
public interface ReceiveListener {

  /// Hears nothing.
  ReceiveListener SILENT = event -> {};

  void on(ReceiveEvent event);
}
