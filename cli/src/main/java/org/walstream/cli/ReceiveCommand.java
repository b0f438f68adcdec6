package org.walstream.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.walstream.cli.line.CommandTable;
import org.walstream.cli.line.Given;
import org.walstream.cli.service.ServiceManager;
import org.walstream.receive.DisconnectedException;
import org.walstream.receive.ReceiveEvent;
import org.walstream.receive.ReceiveJob;
import org.walstream.receive.ReceiveOptions;
import org.walstream.receive.WalReceiverStatus;
import org.walstream.store.StoreOptions;
import org.walstream.wire.auth.AuthenticationException;
import org.walstream.wire.client.ConnectionException;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.LibpqEnvironment;
import org.walstream.wire.transport.StopSignal;
import org.walstream.wire.transport.StoppedException;

/// `walstream receive`: streams WAL into a directory. A drop-in for pg_receivewal: its flags, its
/// files, its exit codes, its signals.
final class ReceiveCommand implements Subcommand {

  /// What `synchronous_standby_names` knows pg_receivewal by: who replaces it must answer to its
  /// name, or COMMITs would wait for nobody.
  private static final String APPLICATION_NAME = "pg_receivewal";

  private static final int SIGINT = 2;
  private static final int SIGTERM = 15;

  private final ReceiveArguments given = new ReceiveArguments();

  @Override
  public CommandTable table() {
    return ReceiveArguments.TABLE;
  }

  @Override
  public void take(Given option) {
    given.take(option);
  }

  @Override
  public void operands(List<String> operands) {
    CommandRunner.refuseMoreThan(0, operands);
    given.checkTogether();
  }

  @Override
  public int run(Diagnostics diagnostics) throws IOException {
    var lastSignal = new AtomicInteger();
    try {
      receive(diagnostics, lastSignal);
      return 0;
    } catch (DisconnectedException e) {
      diagnostics.error(Failures.describe(e.reason()));
      throw e;
    } catch (StoppedException e) {
      return 128 + lastSignal.get(); // pg_receivewal handles no signals before it is connected
    }
  }

  private void receive(Diagnostics diagnostics, AtomicInteger lastSignal) throws IOException {
    ConnInfo conninfo = given.connection.conninfo(APPLICATION_NAME);
    if (given.connection.forcePassword) {
      conninfo = given.connection.withPromptedPassword(conninfo);
    }
    var environment = LibpqEnvironment.ofProcess(diagnostics::warning);
    var stop = new StopSignal();
    Signals.on("INT", () -> stop(stop, lastSignal, SIGINT));
    Signals.on("TERM", () -> stop(stop, lastSignal, SIGTERM));
    try {
      act(given, conninfo, environment, stop, diagnostics);
    } catch (ConnectionException e) {
      if (!needsPassword(e) || !given.connection.mayPrompt()) {
        throw e;
      }
      try (var _ =
          stop.during(() -> System.exit(128 + lastSignal.get()))) { // nothing else ends a prompt
        conninfo = given.connection.withPromptedPassword(conninfo);
      }
      act(given, conninfo, environment, stop, diagnostics);
    }
  }

  private static void stop(StopSignal stop, AtomicInteger lastSignal, int signal) {
    lastSignal.set(signal);
    stop.raise();
  }

  private static void act(
      ReceiveArguments given,
      ConnInfo conninfo,
      LibpqEnvironment environment,
      StopSignal stop,
      Diagnostics diagnostics)
      throws IOException {
    String slot = given.slot;
    if (given.createSlot && slot != null) {
      tell(given, diagnostics, "creating replication slot \"%s\"".formatted(slot));
      ReceiveJob.createSlot(conninfo, environment, slot, given.ifNotExists, stop);
    } else if (given.dropSlot && slot != null) {
      tell(given, diagnostics, "dropping replication slot \"%s\"".formatted(slot));
      ReceiveJob.dropSlot(conninfo, environment, slot, stop);
    } else if (given.directory != null) {
      var manager = ServiceManager.ofProcess();
      var job =
          new ReceiveJob(
              given.directory,
              receiveOptions(given, conninfo, environment),
              storeOptions(given),
              event -> heard(event, given, diagnostics));
      manager.ready(); // an upstream that is not there is waited for: that is service, too
      manager.follow(() -> job.status().map(WalReceiverStatus::summary).orElse("not connected"));
      try (var _ = stop.during(() -> stop(job, manager))) {
        job.run();
      }
    }
  }

  private static void stop(ReceiveJob job, ServiceManager manager) {
    manager.stopping();
    job.stop();
  }

  private static ReceiveOptions receiveOptions(
      ReceiveArguments given, ConnInfo conninfo, LibpqEnvironment environment) {
    var options =
        ReceiveOptions.from(conninfo, environment)
            .synchronous(given.synchronous)
            .statusInterval(given.statusInterval)
            .retry(!given.noLoop)
            .verifyWal(!given.noVerify);
    if (given.slot != null) {
      options.slot(given.slot);
    }
    if (given.endLsn != 0) {
      options.endLsn(given.endLsn);
    }
    return options.build();
  }

  private static StoreOptions storeOptions(ReceiveArguments given) {
    return StoreOptions.DEFAULT
        .withSync(!given.noSync)
        .withSynchronous(given.synchronous)
        .withCompression(given.compression);
  }

  private static void heard(ReceiveEvent event, ReceiveArguments given, Diagnostics diagnostics) {
    switch (event) {
      case ReceiveEvent.Disconnected(var reason, var _) -> {
        diagnostics.error(Failures.describe(reason));
        diagnostics.info(event.toString());
      }
      case ReceiveEvent.Notice notice -> diagnostics.info(notice.toString());
      case ReceiveEvent.SegmentUnfinished unfinished -> diagnostics.info(unfinished.toString());
      default -> tell(given, diagnostics, event.toString());
    }
  }

  private static void tell(ReceiveArguments given, Diagnostics diagnostics, String message) {
    if (given.verbose) {
      diagnostics.info(message);
    }
  }

  private static boolean needsPassword(ConnectionException e) {
    return e.getCause() instanceof AuthenticationException authentication
        && authentication.needsPassword();
  }
}
