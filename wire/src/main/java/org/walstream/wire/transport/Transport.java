package org.walstream.wire.transport;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/// A connection to a peer, as a stream of bytes each way. The seam between the protocol and what
/// carries it: a socket, or TLS over one.
///
/// Threads: one reader and one writer at a time, independently of each other; [#close] from any
/// thread, which makes a blocked read or write fail. Buffers should be direct: the JDK copies heap
/// buffers through hidden direct ones.
public interface Transport extends Closeable {

  /// Reads at least one byte, waiting for it if need be, and at most what `dst` has room for.
  ///
  /// @return how many bytes were read, 0 only if `dst` has no room, -1 when the peer has closed its
  ///   side. Fewer than asked for means that this call had no more at hand: over a bare socket,
  ///   that the socket has run dry. Over TLS it may only mean that a record has ended, 16 kB of
  ///   text at most, and that the next one is still encrypted. So it is a hint, that now is a good
  ///   moment to deal with what has come, and never a proof that nothing is waiting.
  int read(ByteBuffer dst) throws IOException;

  /// Reads into several buffers, one after the other, in one call of the kernel: WAL lands in its
  /// slot and the next message's header beside it, with nothing copied afterwards.
  ///
  /// @return as [#read(ByteBuffer)]
  long read(ByteBuffer[] dsts) throws IOException;

  /// Writes all of `src`, waiting while the connection is full.
  void write(ByteBuffer src) throws IOException;

  /// Writes all of `srcs` in order, in one call of the kernel if it takes them.
  void write(ByteBuffer[] srcs) throws IOException;

  /// Tells the peer that nothing more will be written, where what carries the bytes has a word for
  /// it: a TLS peer can tell the end by it from a connection that somebody has cut. May wait as a
  /// write may.
  void end() throws IOException;

  /// Reads no more: a read that waits, and every one that follows, finds the end. What is written
  /// still goes out. From any thread.
  void shutdownInput() throws IOException;

  /// The address at the other end; for a Unix-domain socket that was accepted it has an empty path.
  SocketAddress peerAddress();

  boolean isOpen();

  /// Closes both directions. Idempotent.
  @Override
  void close() throws IOException;
}
