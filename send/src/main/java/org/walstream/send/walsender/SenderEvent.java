package org.walstream.send.walsender;

/// What happens to one sender.
public sealed interface SenderEvent {

  WalSender sender();

  /// A standby has come, or whoever else may ask for WAL.
  record Connected(WalSender sender) implements SenderEvent {}

  /// A stream has begun, caught up, or is being ended.
  record StateChanged(WalSender sender, WalSenderState state) implements SenderEvent {}

  /// The standby says that it has flushed more.
  record Flushed(WalSender sender) implements SenderEvent {}

  /// The connection is over.
  ///
  /// @param reason why, if the standby has not ended it in order; empty otherwise
  record Ended(WalSender sender, String reason) implements SenderEvent {}

  /// Hears of all of them, on the senders' own threads: must not wait.
  @FunctionalInterface
  interface Listener {

    /// Hears nothing.
    Listener SILENT = event -> {};

    void on(SenderEvent event);
  }
}
