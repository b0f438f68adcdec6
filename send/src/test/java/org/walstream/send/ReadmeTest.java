package org.walstream.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.walstream.file.FileLayer;
import org.walstream.send.hba.HbaException;
import org.walstream.send.replication.ReplicationCommands;
import org.walstream.send.replication.ReplicationParts;
import org.walstream.send.server.CommandHandler;
import org.walstream.send.server.HbaAccess;
import org.walstream.send.server.WalServer;
import org.walstream.send.slot.ReplicationSlots;
import org.walstream.send.walsender.WalSenders;
import org.walstream.store.WalStore;

/// The README's example is code that compiles: it stands here too.
class ReadmeTest {

  @Test
  void exampleIsTheCodeBelow() throws Exception {
    String readme = Files.readString(Path.of("README.md"));
    String example =
        readme.substring(readme.indexOf("```java\n") + 8, readme.indexOf("\n```\n\n|"));
    String here = Files.readString(Path.of("src/test/java/org/walstream/send/ReadmeTest.java"));
    assertThat(words(here)).contains(words(example));
  }

  static int serve(WalStore store, Function<String, Optional<String>> show)
      throws IOException, HbaException {
    var slots = ReplicationSlots.open(Path.of("slots"), FileLayer.system(), () -> 10);
    var senders = new WalSenders(store, () -> SendSettings.DEFAULT);
    var files =
        new HbaAccess.Paths(Path.of("pg_hba.conf"), Path.of("pg_ident.conf"), Path.of("users"));
    var access = new HbaAccess(files);
    var parts = new ReplicationParts(store, senders, slots, () -> SendSettings.DEFAULT);
    CommandHandler.Factory physical = ReplicationCommands.physical(parts);
    var server =
        new WalServer(
            new WalServer.Parts(
                access,
                physical,
                physical,
                physical,
                () -> SendSettings.DEFAULT,
                show,
                Optional::empty,
                "seed"));
    int port = server.listen("127.0.0.1", 0); // WAL appended to `store` goes out
    return port;
  }

  private static String words(String text) {
    return text.lines().map(String::strip).collect(Collectors.joining(" "));
  }
}
