package org.walstream.receive;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.LibpqEnvironment;

/// What README.md opens with; [ReadmeTest] sees to it that both say the same.
final class ReceiveExample {

  private ReceiveExample() {}

  static void copyWal(WritableByteChannel channel, ScheduledExecutorService timer)
      throws IOException {
    // README begins
    var upstream = ConnInfo.parse("host=primary user=replicator");
    var options =
        ReceiveOptions.from(upstream, LibpqEnvironment.ofProcess(System.err::println))
            .slot("copy")
            .build();
    var copied = new AtomicLong();
    var sink =
        HandlerSink.fromUpstream((lsn, wal) -> {
          long end = lsn + wal.remaining();
          channel.write(wal); // the bytes from the socket, not a copy
          copied.set(end);
        });
    var _ =
        timer.scheduleAtFixedRate( // from any thread, at any time, without waiting
            () -> sink.report(copied.get(), copied.get(), 0), 1, 1, TimeUnit.SECONDS);

    var receiver = new WalReceiver(options, sink, event -> System.err.println(event));
    Runtime.getRuntime().addShutdownHook(new Thread(receiver::stop));
    receiver.run(); // until it is stopped; reconnects by itself
    // README ends
  }
}
