package org.walstream.send.server;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.send.ClientIdentity;
import org.walstream.send.ConnectionLog;
import org.walstream.send.Interrupts;
import org.walstream.send.guc.GucBoolean;
import org.walstream.send.guc.GucException;
import org.walstream.send.guc.Names;
import org.walstream.send.guc.SessionParameters;
import org.walstream.send.hba.CertificateCheck;
import org.walstream.send.hba.HbaMethod;
import org.walstream.send.hba.HbaRule;
import org.walstream.wire.AddressText;
import org.walstream.wire.ProtocolVersion;
import org.walstream.wire.ProtocolViolation;
import org.walstream.wire.SqlState;
import org.walstream.wire.message.Authentication;
import org.walstream.wire.message.AuthenticationResponse;
import org.walstream.wire.message.BackendKeyData;
import org.walstream.wire.message.Bind;
import org.walstream.wire.message.Close;
import org.walstream.wire.message.CopyData;
import org.walstream.wire.message.CopyDone;
import org.walstream.wire.message.CopyFail;
import org.walstream.wire.message.Describe;
import org.walstream.wire.message.Diagnostic;
import org.walstream.wire.message.EmptyQueryResponse;
import org.walstream.wire.message.ErrorResponse;
import org.walstream.wire.message.Execute;
import org.walstream.wire.message.Flush;
import org.walstream.wire.message.FrontendMessage;
import org.walstream.wire.message.Parse;
import org.walstream.wire.message.Query;
import org.walstream.wire.message.ReadyForQuery;
import org.walstream.wire.message.Sync;
import org.walstream.wire.message.Terminate;
import org.walstream.wire.server.ServerAuthentication;
import org.walstream.wire.server.ServerConnection;
import org.walstream.wire.server.ServerError;
import org.walstream.wire.server.StartupNegotiation;
import org.walstream.wire.tls.DistinguishedName;
import org.walstream.wire.tls.ServerTls;
import org.walstream.wire.tls.TlsException;
import org.walstream.wire.tls.TlsSession;
import org.walstream.wire.tls.TlsTransport;
import org.walstream.wire.transport.SocketTransport;

/// One client's connection, from its first byte to its last: start-up, authentication, commands.
/// Straight blocking code on a virtual thread of its own.
///
/// ```
/// negotiate ─▶ pg_hba.conf ─▶ authenticate ─▶ rights ─▶ greet ─▶ command, command, … ─▶ closed
/// ```
///
/// Counterpart of BackendInitialize(), InitPostgres() and PostgresMain().
final class Session implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  /// The first byte of a TLS record that begins a handshake.
  private static final byte TLS_HANDSHAKE = 0x16;

  private static final int SHORT_KEY_BYTES = 4;
  private static final int LONG_KEY_BYTES = 32;

  /// What a start-up packet says beside settings.
  private static final Set<String> NOT_SETTINGS =
      Set.of("user", "database", "options", "replication");

  private static final String EXTENSION_PREFIX = "_pq_.";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final int pid;
  private final ServerConnection connection;
  private final WalServer server;

  /// Cuts the connection when it has not authenticated in time.
  private @Nullable Future<?> deadline;

  private Optional<TlsSession> tlsSession = Optional.empty();

  /// Whether the client was asked for a certificate.
  private boolean asksClients;

  private @Nullable ClientIdentity client;
  private volatile byte @Nullable [] cancelKey;
  private volatile @Nullable CommandHandler running;
  private volatile boolean terminated;
  private volatile @Nullable SessionActivity activity;
  private final long receivedNanos = System.nanoTime();
  private long authenticationNanos;

  Session(int pid, ServerConnection connection, WalServer server) {
    this.pid = pid;
    this.connection = connection;
    this.server = server;
  }

  /// Hands over what is to be cancelled once the client has authenticated, or gone. Before [#run].
  void cutUnlessAuthenticated(Future<?> deadline) {
    this.deadline = deadline;
  }

  /// Cuts the connection, from any thread.
  void close() {
    try {
      connection.close();
    } catch (IOException e) {
      LOG.debug("could not close a client's connection", e);
    }
  }

  /// Ends what the session is doing, if `key` is the one that its client was given; from any
  /// thread.
  void cancel(byte[] key) {
    byte[] right = cancelKey;
    if (right != null && MessageDigest.isEqual(right, key)) {
      cancel();
    }
  }

  /// Ends what the session is doing, from any thread.
  void cancel() {
    CommandHandler handler = running;
    if (handler != null) {
      handler.cancel();
    }
  }

  /// Ends the session as an administrator wants it, from any thread: what runs fails, a wait for
  /// the client ends, and the client is told why.
  void terminate() {
    terminated = true;
    CommandHandler handler = running;
    if (handler != null) {
      handler.terminate();
    }
    try {
      connection.transport().shutdownInput();
    } catch (IOException e) {
      LOG.debug("could not end a client's connection", e);
      close();
    }
  }

  int pid() {
    return pid;
  }

  /// What the session is doing; empty until it has been let in.
  Optional<SessionActivity> activity() {
    return Optional.ofNullable(activity);
  }

  @Override
  public void run() {
    try {
      logReceived();
      Optional<StartupNegotiation.Begin> begin = negotiate();
      if (begin.isPresent()) {
        serve(begin.get());
      }
    } catch (ServerError error) {
      LOG.info("{}{}", who(), describe(error.diagnostic()));
      tryToSend(error.diagnostic());
    } catch (ProtocolViolation violation) {
      LOG.info("{}{}", who(), violation.getMessage());
      tryToSend(
          new Diagnostic(
              "FATAL", SqlState.PROTOCOL_VIOLATION, String.valueOf(violation.getMessage())));
    } catch (TlsException failed) {
      LOG.info("{}{}", who(), failed.getMessage()); // the client has got an alert
    } catch (EOFException gone) {
      if (terminated) {
        tellTerminated();
      } else {
        LOG.debug("client closed the connection");
      }
    } catch (IOException broken) {
      LOG.debug("connection to client lost: {}", broken.getMessage());
    } catch (RuntimeException bug) {
      LOG.error("{}internal error", who(), bug);
      tryToSend(new Diagnostic("FATAL", SqlState.INTERNAL_ERROR, "internal error: " + bug));
    } finally {
      callOffDeadline(); // or it would hold all of us until then
      sayGoodbye();
      close();
      server.ended(this);
    }
  }

  /// As far as the client still listens.
  private void sayGoodbye() {
    try {
      connection.transport().end();
    } catch (IOException gone) {
      LOG.debug("could not end a connection: {}", gone.getMessage());
    }
  }

  private void tellTerminated() {
    Diagnostic why = Interrupts.terminatedError().diagnostic();
    LOG.info("{}{}", who(), describe(why));
    tryToSend(why);
  }

  private void callOffDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
    }
  }

  private void logReceived() {
    if (server.settings().logConnections().has(ConnectionLog.Stage.RECEIPT)) {
      var peer = connection.transport().peerAddress();
      LOG.info(
          "connection received: {}",
          peer instanceof InetSocketAddress inet
              ? "host=%s port=%d".formatted(AddressText.of(inet.getAddress()), inet.getPort())
              : "host=[local]");
    }
  }

  /// @return empty when there is no session to begin
  private Optional<StartupNegotiation.Begin> negotiate() throws IOException, ServerError {
    boolean local = !(connection.transport().peerAddress() instanceof InetSocketAddress);
    Optional<ServerTls> tls = local ? Optional.empty() : server.tls();
    if (connection.peek() == TLS_HANDSHAKE && !beginsDirectly(tls)) {
      return Optional.empty();
    }
    var negotiation = new StartupNegotiation(tls.isPresent() && tlsSession.isEmpty());
    while (true) {
      switch (negotiation.next(connection.receiveStartupPacket())) {
        case StartupNegotiation.Answer(byte answer, boolean startsTls) -> {
          if (connection.hasUnreadBytes()) {
            // Bytes behind a request for encryption were sent in clear by someone in the middle.
            throw new ProtocolViolation("received unencrypted data after SSL request");
          }
          connection.sendByte(answer);
          if (startsTls) {
            shakeHands(tls.orElseThrow());
          }
        }
        case StartupNegotiation.Cancel cancel -> {
          server.cancel(cancel.request());
          return Optional.empty();
        }
        case StartupNegotiation.Begin begin -> {
          return Optional.of(begin);
        }
      }
    }
  }

  /// A client that has not asked: its first byte is no part of a length that a start-up packet may
  /// have.
  ///
  /// @return false when it is not taken, and not told why
  private boolean beginsDirectly(Optional<ServerTls> tls) throws IOException {
    if (tls.isEmpty()) {
      return false;
    }
    TlsSession session = shakeHands(tls.get());
    if (session.applicationProtocol().isEmpty()) {
      LOG.info(
          "{}received direct SSL connection request without ALPN protocol negotiation extension",
          who());
      return false;
    }
    return true;
  }

  private TlsSession shakeHands(ServerTls tls) throws IOException {
    connection.upgrade((transport, already) -> {
      TlsTransport secured = tls.accept(transport, already);
      tlsSession = Optional.of(secured.session());
      asksClients = tls.asksClients();
      return secured;
    });
    return tlsSession.orElseThrow();
  }

  private void serve(StartupNegotiation.Begin begin) throws IOException, ServerError {
    for (var message : begin.negotiate()) {
      connection.send(message);
    }
    Map<String, String> parameters = begin.parameters();
    String user = Names.truncate(parameters.getOrDefault("user", ""));
    String database = Names.truncate(parameters.getOrDefault("database", user));
    ReplicationMode mode = ReplicationMode.of(parameters.getOrDefault("replication", "false"));
    client =
        new ClientIdentity(
            pid,
            user,
            mode == ReplicationMode.PHYSICAL ? "" : database,
            applicationName(parameters),
            connection.transport().peerAddress(),
            tlsSession,
            Instant.now());
    server.checkRoom(client);
    authenticate(client, mode == ReplicationMode.PHYSICAL);
    long authenticatedNanos = System.nanoTime();
    server.access().checkRights(client, mode != ReplicationMode.NONE);
    SessionParameters settings = settings(client, parameters);
    client = client.withApplicationName(settings.applicationName());
    activity = SessionActivity.begun(client, mode != ReplicationMode.NONE);
    try (CommandHandler handler = server.handlers(mode).open(client, settings, connection)) {
      running = handler;
      logAuthorized(client, mode, authenticatedNanos);
      greet(begin.version(), settings);
      answerCommands(handler, settings);
    }
  }

  private static String applicationName(Map<String, String> parameters) {
    return Names.truncate(Names.cleanAscii(parameters.getOrDefault("application_name", "")));
  }

  /// What the start-up packet sets: its `options` first, then its other parameters.
  private SessionParameters settings(ClientIdentity client, Map<String, String> parameters)
      throws ServerError {
    SessionParameters settings = server.parametersFor(client);
    try {
      for (var setting : StartupOptions.parse(parameters.getOrDefault("options", ""))) {
        settings.setAtStart(setting.name(), setting.value());
      }
      for (var parameter : parameters.entrySet()) {
        String name = parameter.getKey();
        if (!NOT_SETTINGS.contains(name) && !name.startsWith(EXTENSION_PREFIX)) {
          settings.setAtStart(name, parameter.getValue());
        }
      }
    } catch (GucException e) {
      throw e.asFatal();
    }
    return settings;
  }

  private void authenticate(ClientIdentity client, boolean physicalReplication)
      throws IOException, ServerError {
    authenticationNanos = System.nanoTime();
    HbaRule rule = server.access().rule(client, physicalReplication);
    if (rule.certificate().wanted() != CertificateCheck.Wanted.NOTHING) {
      requireCertificate();
    }
    var authentication =
        new ServerAuthentication(
            challenge(rule.method()),
            client.user(),
            server.access().secret(client.user()),
            tlsSession.flatMap(TlsSession::endPoint),
            server.secretSeed());
    ServerAuthentication.Step step = authentication.begin();
    while (step instanceof ServerAuthentication.Ask(Authentication question)) {
      connection.send(question);
      connection.flush();
      if (!(connection.receive() instanceof AuthenticationResponse response)) {
        throw new ProtocolViolation("expected password response");
      }
      step = authentication.answer(response);
    }
    if (step instanceof ServerAuthentication.Accept(var last)
        && server.access().isUser(rule, client, systemUser(rule))) {
      for (Authentication message : last) {
        connection.send(message);
      }
      connection.send(new Authentication.Ok());
      connection.authenticated();
      if (server.settings().logConnections().has(ConnectionLog.Stage.AUTHENTICATION)) {
        LOG.info(
            "connection authenticated: {}=\"{}\" method={} ({})",
            rule.method() == HbaMethod.TRUST ? "user" : "identity",
            identity(rule, client),
            rule.method(),
            rule.place());
      }
      callOffDeadline();
    } else {
      throw failed(rule, client);
    }
  }

  /// One that has been shown has been checked, or there would be no connection.
  private void requireCertificate() throws ServerError {
    if (!asksClients) {
      throw ServerError.fatal(
          SqlState.CONFIG_FILE_ERROR,
          "client certificates can only be checked if a root certificate store is available");
    }
    if (tlsSession.flatMap(TlsSession::client).isEmpty()) {
      throw ServerError.fatal(
          SqlState.INVALID_AUTHORIZATION, "connection requires a valid client certificate");
    }
  }

  private static ServerAuthentication.Method challenge(HbaMethod method) {
    return switch (method) {
      case TRUST, REJECT, CERT, PEER -> ServerAuthentication.Method.TRUST;
      case MD5 -> ServerAuthentication.Method.MD5;
      case SCRAM_SHA_256 -> ServerAuthentication.Method.SCRAM_SHA_256;
      case PASSWORD -> ServerAuthentication.Method.PASSWORD;
    };
  }

  private Optional<String> systemUser(HbaRule rule) throws IOException {
    return rule.method() == HbaMethod.PEER
            && connection.transport() instanceof SocketTransport socket
        ? socket.peerUser()
        : Optional.empty();
  }

  /// By what the client has proven who it is.
  private String identity(HbaRule rule, ClientIdentity client) throws IOException {
    return switch (rule.method()) {
      case PEER -> systemUser(rule).orElse("");
      case CERT ->
          client
              .tls()
              .flatMap(TlsSession::client)
              .map(shown -> DistinguishedName.of(shown.getSubjectX500Principal()).rfc2253())
              .orElse("");
      default -> client.user();
    };
  }

  /// Counterpart of auth_failed(), src/backend/libpq/auth.c.
  private static ServerError failed(HbaRule rule, ClientIdentity client) {
    String what =
        switch (rule.method()) {
          case TRUST, REJECT -> "\"trust\"";
          case PEER -> "Peer";
          case CERT -> "certificate";
          case MD5, SCRAM_SHA_256, PASSWORD -> "password";
        };
    return ServerError.fatal(
        what.equals("password") ? SqlState.INVALID_PASSWORD : SqlState.INVALID_AUTHORIZATION,
        "%s authentication failed for user \"%s\"".formatted(what, client.user()));
  }

  private void logAuthorized(ClientIdentity client, ReplicationMode mode, long authenticatedNanos) {
    ConnectionLog wanted = server.settings().logConnections();
    if (wanted.has(ConnectionLog.Stage.AUTHORIZATION)) {
      boolean physical = mode == ReplicationMode.PHYSICAL;
      LOG.info(
          "{}connection authorized: user={}{}{}{}",
          mode == ReplicationMode.NONE ? "" : "replication ",
          client.user(),
          physical ? "" : " database=" + client.database(),
          client.applicationName().isEmpty() ? "" : " application_name=" + client.applicationName(),
          client.tls().map(Session::describe).orElse(""));
    }
    if (wanted.has(ConnectionLog.Stage.SETUP_DURATIONS)) {
      LOG.info(
          "connection ready: setup total={} ms, authentication={} ms",
          millis(System.nanoTime() - receivedNanos),
          millis(authenticatedNanos - authenticationNanos));
    }
  }

  private static String describe(TlsSession tls) {
    return " SSL enabled (protocol=%s, cipher=%s, bits=%d)"
        .formatted(tls.version(), tls.cipher(), tls.bits());
  }

  private static String millis(long nanos) {
    return "%.3f".formatted(nanos / 1e6);
  }

  private void greet(ProtocolVersion version, SessionParameters settings) throws IOException {
    SessionReports.send(settings, connection);
    byte[] key = new byte[version.equals(ProtocolVersion.V3_2) ? LONG_KEY_BYTES : SHORT_KEY_BYTES];
    RANDOM.nextBytes(key);
    cancelKey = key;
    connection.send(new BackendKeyData(pid, key));
  }

  private void answerCommands(CommandHandler handler, SessionParameters settings)
      throws IOException, ServerError {
    var extended = new ExtendedQueries(handler, connection);
    boolean skipping = false; // after an error in the extended protocol, until Sync
    sendReady(handler, settings);
    while (true) {
      FrontendMessage message = connection.receive();
      handler.busy();
      switch (message) {
        case Terminate terminate -> {
          return;
        }
        case Sync sync -> {
          skipping = false;
          extended.sync();
          sendReady(handler, settings);
        }
        case Query(String text) -> {
          if (!skipping) {
            execute(handler, text);
            sendReady(handler, settings);
          }
        }
        case Parse parse ->
            skipping =
                skipping
                    || !tryTo(
                        handler,
                        () -> {
                          begin(parse.sql());
                          extended.parse(parse);
                        });
        case Bind bind -> skipping = skipping || !tryTo(handler, () -> extended.bind(bind));
        case Describe what -> skipping = skipping || !tryTo(handler, () -> extended.describe(what));
        case Execute execute ->
            skipping =
                skipping
                    || !tryTo(
                        handler,
                        () -> {
                          begin(extended.sql(execute));
                          extended.execute(execute);
                        });
        case Close close -> skipping = skipping || !tryTo(handler, () -> extended.close(close));
        case Flush flush -> connection.flush();
        case CopyData late -> {} // the client did not know yet that its copy had ended
        case CopyDone late -> {}
        case CopyFail late -> {}
        case AuthenticationResponse unasked ->
            throw new ProtocolViolation("unexpected password message");
      }
    }
  }

  private void begin(String command) {
    var known = activity;
    if (known != null) {
      activity = known.active(command);
    }
  }

  private void sendReady(CommandHandler handler, SessionParameters settings) throws IOException {
    SessionReports.send(settings, connection);
    handler.betweenCommands(connection);
    byte status = handler.transactionStatus();
    connection.send(new ReadyForQuery(status));
    connection.flush();
    var known = activity;
    if (known != null) {
      activity = known.ready(status);
    }
    handler.idle();
  }

  private void execute(CommandHandler handler, String text) throws IOException, ServerError {
    if (text.isBlank()) {
      connection.send(EmptyQueryResponse.INSTANCE);
      return;
    }
    begin(text);
    var _ = tryTo(handler, () -> handler.execute(text, connection));
  }

  private interface Step {
    void take() throws IOException, ServerError;
  }

  /// @return false when the client had to be told of an error
  private boolean tryTo(CommandHandler handler, Step step) throws IOException, ServerError {
    try {
      step.take();
      return true;
    } catch (ServerError error) {
      if (error.isFatal()) {
        throw error;
      }
      LOG.info("{}{}", who(), describe(error.diagnostic()));
      connection.send(new ErrorResponse(error.diagnostic()));
      handler.failed();
      return false;
    }
  }

  private void tryToSend(Diagnostic diagnostic) {
    try {
      connection.send(new ErrorResponse(diagnostic));
      connection.flush();
    } catch (IOException gone) {
      LOG.debug("could not tell a client what was wrong: {}", gone.getMessage());
    }
  }

  private String who() {
    ClientIdentity known = client;
    return known == null
        ? ""
        : "%s@%s %s: ".formatted(known.user(), known.hostOrLocal(), known.applicationName());
  }

  private static String describe(Diagnostic diagnostic) {
    String detail = diagnostic.detail().isEmpty() ? "" : " (" + diagnostic.detail() + ")";
    return diagnostic.severity() + ": " + diagnostic.message() + detail;
  }

  /// The value of the start-up parameter `replication`.
  enum ReplicationMode {
    /// SQL only.
    NONE,
    /// Replication commands, and no database.
    PHYSICAL,
    /// Replication commands and SQL.
    DATABASE;

    static ReplicationMode of(String value) throws ServerError {
      if (value.equals("database")) {
        return DATABASE;
      }
      return GucBoolean.parse(value)
              .orElseThrow(() ->
                  ServerError.fatal(
                          SqlState.INVALID_PARAMETER_VALUE,
                          "invalid value for parameter \"replication\": \"" + value + "\"")
                      .withHint("Valid values are: \"false\", 0, \"true\", 1, \"database\"."))
          ? PHYSICAL
          : NONE;
    }
  }
}
