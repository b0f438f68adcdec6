package org.walstream.receive;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.ConnInfoOption;
import org.walstream.wire.conninfo.LibpqEnvironment;

/// What a [WalReceiver] is to do. Start from [#from]; the defaults are pg_receivewal's.
///
/// @param conninfo the upstream
/// @param environment what completes `conninfo`; asked anew at each attempt to connect
/// @param slot the replication slot to stream from
/// @param temporarySlot make a slot for the time of each connection; only without `slot`
/// @param synchronous flush whenever the stream pauses and report at once: somebody's COMMIT waits
/// @param reportFlush tell the sender what is durable
/// @param statusInterval the longest pause between reports; zero for none
/// @param receiverTimeout give a silent sender up after so long; zero for never
/// @param retryInterval the pause between attempts
/// @param retry false: the first failure is the last
/// @param endLsn stop once WAL has been received beyond it
/// @param verifyWal check every record as it arrives (`walstream.verify_wal`)
/// @param systemIdentifier the only cluster to stream from, if any will not do
/// @param strictHistory refuse an upstream whose timeline forked off before what is here already. A
///   relay must, since others have that WAL from it; an archive keeps both
public record ReceiveOptions(
    ConnInfo conninfo,
    LibpqEnvironment environment,
    Optional<String> slot,
    boolean temporarySlot,
    boolean synchronous,
    boolean reportFlush,
    Duration statusInterval,
    Duration receiverTimeout,
    Duration retryInterval,
    boolean retry,
    OptionalLong endLsn,
    boolean verifyWal,
    OptionalLong systemIdentifier,
    boolean strictHistory) {

  private static final Duration STATUS_INTERVAL = Duration.ofSeconds(10);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(5);

  public static Builder from(ConnInfo conninfo, LibpqEnvironment environment) {
    return new Builder(conninfo, environment);
  }

  /// The upstream, with a limit on the time that connecting takes, unless there is one: a sender
  /// may be silent from the very beginning.
  ConnInfo impatient() {
    boolean limited =
        receiverTimeout.isZero()
            || conninfo.completed(environment).has(ConnInfoOption.CONNECT_TIMEOUT);
    long seconds = Math.max(1, receiverTimeout.toSeconds());
    return limited
        ? conninfo
        : conninfo.with(ConnInfoOption.CONNECT_TIMEOUT, Long.toString(seconds));
  }

  ReplyOptions replies() {
    return new ReplyOptions(
        synchronous, reportFlush, statusInterval.toNanos(), receiverTimeout.toNanos());
  }

  /// Collects options; not thread-safe.
  public static final class Builder {

    private final ConnInfo conninfo;
    private final LibpqEnvironment environment;
    private Optional<String> slot = Optional.empty();
    private boolean temporarySlot;
    private boolean synchronous;
    private boolean reportFlush;
    private Duration statusInterval = STATUS_INTERVAL;
    private Duration receiverTimeout = Duration.ZERO;
    private Duration retryInterval = RETRY_INTERVAL;
    private boolean retry = true;
    private OptionalLong endLsn = OptionalLong.empty();
    private boolean verifyWal = true;
    private OptionalLong systemIdentifier = OptionalLong.empty();
    private boolean strictHistory;

    private Builder(ConnInfo conninfo, LibpqEnvironment environment) {
      this.conninfo = conninfo;
      this.environment = environment;
    }

    public Builder slot(String name) {
      slot = Optional.of(name);
      return this;
    }

    public Builder temporarySlot(boolean make) {
      temporarySlot = make;
      return this;
    }

    public Builder synchronous(boolean on) {
      synchronous = on;
      return this;
    }

    /// Always tells what is durable; without this only a receiver with a slot or a synchronous one
    /// does.
    public Builder reportFlush(boolean always) {
      reportFlush = always;
      return this;
    }

    public Builder statusInterval(Duration interval) {
      statusInterval = interval;
      return this;
    }

    public Builder receiverTimeout(Duration timeout) {
      receiverTimeout = timeout;
      return this;
    }

    public Builder retryInterval(Duration interval) {
      retryInterval = interval;
      return this;
    }

    public Builder retry(boolean forEver) {
      retry = forEver;
      return this;
    }

    public Builder endLsn(long lsn) {
      endLsn = OptionalLong.of(lsn);
      return this;
    }

    public Builder verifyWal(boolean on) {
      verifyWal = on;
      return this;
    }

    public Builder systemIdentifier(long expected) {
      systemIdentifier = OptionalLong.of(expected);
      return this;
    }

    public Builder strictHistory(boolean on) {
      strictHistory = on;
      return this;
    }

    public ReceiveOptions build() {
      return new ReceiveOptions(
          conninfo,
          environment,
          slot,
          temporarySlot && slot.isEmpty(),
          synchronous,
          reportFlush || synchronous || slot.isPresent(),
          statusInterval,
          receiverTimeout,
          retryInterval,
          retry,
          endLsn,
          verifyWal,
          systemIdentifier,
          strictHistory);
    }
  }
}
