package org.walstream.wire.server;

import java.util.List;
import java.util.Map;
import org.walstream.wire.ProtocolVersion;
import org.walstream.wire.SqlState;
import org.walstream.wire.message.NegotiateProtocolVersion;
import org.walstream.wire.message.StartupPacket;

/// Decides what to do about each packet that may open a connection. Pure: packets in, actions out.
///
/// ```
/// SslRequest     ─▶ answer 'S' and shake hands, or 'N'; wait for the next packet
/// GssEncRequest  ─▶ answer 'N', wait for the next packet
/// CancelRequest  ─▶ cancel, close
/// Startup        ─▶ begin, perhaps after NegotiateProtocolVersion
/// ```
///
/// Each request for encryption may come once, and none after encryption has been agreed on. A
/// client that begins with TLS at once, without asking, does not come here before hands are shaken.
///
/// Counterpart of ProcessStartupPacket(), src/backend/tcop/backend_startup.c. One connection, one
/// thread.
public final class StartupNegotiation {

  private static final byte REFUSED = 'N';
  private static final byte ACCEPTED = 'S';
  private static final ProtocolVersion NEWEST = ProtocolVersion.V3_2;
  private static final String OPTION_PREFIX = "_pq_.";

  /// What the connection is to do next.
  public sealed interface Action {}

  /// Send one bare byte, then read the next packet.
  ///
  /// @param startsTls shake hands in between
  public record Answer(byte answer, boolean startsTls) implements Action {}

  /// Cancel what the named session does, if the key is right, and close without a word.
  public record Cancel(StartupPacket.CancelRequest request) implements Action {}

  /// Authenticate and begin a session.
  ///
  /// @param negotiate what to tell the client first: nothing or one message
  public record Begin(
      ProtocolVersion version,
      Map<String, String> parameters,
      List<NegotiateProtocolVersion> negotiate)
      implements Action {}

  private final boolean offersTls;
  private boolean sslRequested;
  private boolean gssRequested;

  /// Begins with a connection that has said nothing yet, or with TLS alone.
  ///
  /// @param offersTls whether TLS can be had, and is not there already
  public StartupNegotiation(boolean offersTls) {
    this.offersTls = offersTls;
  }

  /// @throws ServerError with PostgreSQL's text, if the client cannot be served
  public Action next(StartupPacket packet) throws ServerError {
    return switch (packet) {
      case StartupPacket.SslRequest ssl -> {
        if (sslRequested) {
          throw unsupported(StartupPacket.SSL_CODE);
        }
        sslRequested = true;
        gssRequested |= offersTls; // agreed: nothing else is to be had
        yield new Answer(offersTls ? ACCEPTED : REFUSED, offersTls);
      }
      case StartupPacket.GssEncRequest gss -> {
        if (gssRequested) {
          throw unsupported(StartupPacket.GSSENC_CODE);
        }
        gssRequested = true;
        yield new Answer(REFUSED, false);
      }
      case StartupPacket.CancelRequest cancel -> new Cancel(cancel);
      case StartupPacket.Startup startup -> begin(startup);
    };
  }

  private static Begin begin(StartupPacket.Startup startup) throws ServerError {
    ProtocolVersion asked = startup.version();
    if (asked.major() != NEWEST.major()) {
      throw unsupported(asked.code());
    }
    if (startup.parameters().getOrDefault("user", "").isEmpty()) {
      throw ServerError.fatal(
          SqlState.INVALID_AUTHORIZATION, "no PostgreSQL user name specified in startup packet");
    }
    List<String> unknown =
        startup.parameters().keySet().stream()
            .filter(name -> name.startsWith(OPTION_PREFIX))
            .toList();
    ProtocolVersion version = asked.compareTo(NEWEST) > 0 ? NEWEST : asked;
    boolean negotiate = !version.equals(asked) || !unknown.isEmpty();
    return new Begin(
        version,
        startup.parameters(),
        negotiate ? List.of(new NegotiateProtocolVersion(version, unknown)) : List.of());
  }

  private static ServerError unsupported(int code) {
    ProtocolVersion version = ProtocolVersion.ofCode(code);
    return ServerError.fatal(
        SqlState.FEATURE_NOT_SUPPORTED,
        "unsupported frontend protocol %s: server supports 3.0 to %s".formatted(version, NEWEST));
  }
}
