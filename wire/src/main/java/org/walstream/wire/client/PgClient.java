package org.walstream.wire.client;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.walstream.wire.PostgresException;
import org.walstream.wire.ProtocolVersion;
import org.walstream.wire.ProtocolViolation;
import org.walstream.wire.auth.ClientAuthentication;
import org.walstream.wire.conninfo.ConnectionHost;
import org.walstream.wire.conninfo.ConnectionSettings;
import org.walstream.wire.conninfo.TargetSessionAttrs;
import org.walstream.wire.message.Authentication;
import org.walstream.wire.message.BackendKeyData;
import org.walstream.wire.message.BackendMessage;
import org.walstream.wire.message.CommandComplete;
import org.walstream.wire.message.CopyBothResponse;
import org.walstream.wire.message.CopyData;
import org.walstream.wire.message.CopyDone;
import org.walstream.wire.message.CopyOutResponse;
import org.walstream.wire.message.DataRow;
import org.walstream.wire.message.Diagnostic;
import org.walstream.wire.message.EmptyQueryResponse;
import org.walstream.wire.message.ErrorResponse;
import org.walstream.wire.message.NegotiateProtocolVersion;
import org.walstream.wire.message.NoticeResponse;
import org.walstream.wire.message.ParameterStatus;
import org.walstream.wire.message.Query;
import org.walstream.wire.message.ReadyForQuery;
import org.walstream.wire.message.RowDescription;
import org.walstream.wire.message.StartupPacket;
import org.walstream.wire.message.Terminate;
import org.walstream.wire.tls.TlsException;
import org.walstream.wire.tls.TlsSession;
import org.walstream.wire.tls.TlsTransport;
import org.walstream.wire.transport.Network;
import org.walstream.wire.transport.SocketTransport;
import org.walstream.wire.transport.StopSignal;
import org.walstream.wire.transport.Transport;

/// A session with a server.
///
/// ```
/// connect ──▶ ready ──query──▶ ready
///               │
///               └─startCopyBoth─▶ streaming: the owner calls [#readStream], another thread
///               │                 │          may write CopyData to [#transport]
///               │                 └─finishCopy─▶ ready
///               └─send─▶ answering: [#nextAnswer], and within a copy [#nextCopyData], until it is ready
/// ```
///
/// Everything blocks. Owned by one thread, but [#close] and [#cancel] may come from any: closing is
/// how a blocked owner is stopped.
public final class PgClient implements Closeable {

  private final MessageStream messages;
  private final ConnectionSettings settings;
  private final ConnectionHost host;
  private final Optional<TlsSession> tls;
  private final Map<String, String> parameters = new ConcurrentHashMap<>();
  private ProtocolVersion protocolVersion;
  private Consumer<Diagnostic> notices = notice -> {};

  /// The server has begun a copy and not ended it.
  private boolean copying;

  private volatile @Nullable BackendKeyData cancelKey;

  private PgClient(
      MessageStream messages,
      ConnectionSettings settings,
      ConnectionHost host,
      Optional<TlsSession> tls) {
    this.messages = messages;
    this.settings = settings;
    this.host = host;
    this.tls = tls;
    this.protocolVersion = settings.maxProtocolVersion();
  }

  /// Connects to the first server of `settings` that answers and is of the kind asked for.
  ///
  /// @throws ConnectionException in libpq's words, a line for each attempt
  public static PgClient connect(ConnectionSettings settings) throws IOException {
    return connect(settings, new StopSignal(), Network.real());
  }

  /// The same, but that `stop` ends it, in whatever it is waiting. It is of no effect on the client
  /// that is returned: who waits for that one's answers says so to the signal again.
  ///
  /// @throws org.walstream.wire.transport.StoppedException if `stop` was raised meanwhile
  public static PgClient connect(ConnectionSettings settings, StopSignal stop, Network network)
      throws IOException {
    return new Connector(settings, stop, network).connect();
  }

  /// Begins a session over `transport`, which has just been connected.
  static PgClient start(Transport transport, ConnectionSettings settings, ConnectionHost host)
      throws IOException {
    Optional<TlsSession> tls =
        transport instanceof TlsTransport secured
            ? Optional.of(secured.session())
            : Optional.empty();
    var client = new PgClient(new MessageStream(transport), settings, host, tls);
    client.startUp();
    return client;
  }

  /// What was agreed on with the server; empty when the connection is in clear.
  public Optional<TlsSession> tls() {
    return tls;
  }

  private void startUp() throws IOException {
    messages.write(new StartupPacket.Startup(protocolVersion, startupParameters()));
    var authentication = new ClientAuthentication(settings, host, tls);
    while (true) {
      switch (next()) {
        case Authentication step -> {
          var answer = authentication.answer(step);
          if (answer.isPresent()) {
            messages.write(answer.get());
          }
        }
        case NegotiateProtocolVersion offer -> accept(offer);
        case BackendKeyData key -> cancelKey = key;
        case ErrorResponse(var diagnostic) -> throw exception(diagnostic);
        case ReadyForQuery ready -> {
          return;
        }
        case BackendMessage other -> throw unexpected(other, "during startup");
      }
    }
  }

  private Map<String, String> startupParameters() {
    var startup = new LinkedHashMap<String, String>();
    startup.put("user", settings.user());
    startup.put("database", settings.database());
    startup.put("replication", settings.replication());
    startup.put("options", settings.options());
    startup.put("application_name", settings.applicationName());
    startup.put("client_encoding", settings.clientEncoding());
    startup.values().removeIf(String::isEmpty);
    return startup;
  }

  private void accept(NegotiateProtocolVersion offer) throws ProtocolViolation {
    if (offer.newest().compareTo(settings.minProtocolVersion()) < 0) {
      throw new ProtocolViolation(
          "server only supports protocol version %s, but \"min_protocol_version\" was set to %s"
              .formatted(offer.newest(), settings.minProtocolVersion()));
    }
    protocolVersion = offer.newest();
  }

  /// Where notices go; by default nowhere.
  public void onNotice(Consumer<Diagnostic> consumer) {
    notices = consumer;
  }

  /// A setting that the server has reported, such as `server_version`.
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  public ProtocolVersion protocolVersion() {
    return protocolVersion;
  }

  /// The server that was chosen.
  public ConnectionHost host() {
    return host;
  }

  /// Why this server is not of the kind asked for; empty when it is.
  Optional<String> complaint(TargetSessionAttrs attrs) {
    boolean readOnly = "on".equals(parameters.get("default_transaction_read_only"));
    boolean inRecovery = "on".equals(parameters.get("in_hot_standby"));
    return attrs.accepts(readOnly, inRecovery) ? Optional.empty() : Optional.of(attrs.complaint());
  }

  /// Runs one command and returns its result; of several in one string, the last one's.
  ///
  /// @throws PostgresException if the server answers with an error; the session stays usable unless
  ///   the error is FATAL
  public QueryResult query(String sql) throws IOException {
    messages.write(new Query(sql));
    return result();
  }

  /// Runs a command that is to enter CopyBoth mode.
  ///
  /// @return empty when the stream is open; the result when the server answered without streaming,
  ///   as it does when there is nothing to stream on the timeline asked for
  public Optional<QueryResult> startCopyBoth(String command) throws IOException {
    messages.write(new Query(command));
    var result = new ResultBuilder();
    while (true) {
      BackendMessage message = next();
      if (message instanceof CopyBothResponse) {
        copying = true;
        return Optional.empty();
      }
      if (result.add(message)) {
        return Optional.of(result.build());
      }
    }
  }

  /// Reads bytes of a CopyBoth stream, for an owner that takes messages apart in its own way:
  /// straight from the kernel into its buffers, but for what came along with the answer to the
  /// command.
  ///
  /// @return as [Transport#read(ByteBuffer[])]
  public long readStream(ByteBuffer[] dsts) throws IOException {
    return messages.read(dsts);
  }

  /// Gives back bytes from [#readStream] that begin with a message for someone else.
  public void giveBack(ByteBuffer bytes) {
    messages.giveBack(bytes);
  }

  /// Reads one message of a CopyBoth stream that is not CopyData. What concerns the session, a
  /// notice or a changed setting, is dealt with; anything else ends the stream and is left for
  /// [#finishCopy].
  ///
  /// @return true when the stream goes on
  /// @throws ServerShutdownException if the server shuts down
  public boolean readInterlude() throws IOException {
    BackendMessage message = messages.read();
    switch (message) {
      case ParameterStatus(String name, String value) -> parameters.put(name, value);
      case NoticeResponse(var diagnostic) -> notices.accept(diagnostic);
      case CopyDone done -> {
        copying = false;
        return false;
      }
      case CommandComplete shutdown -> throw new ServerShutdownException();
      case ErrorResponse(var diagnostic) -> throw exception(diagnostic);
      default -> throw unexpected(message, "in a stream");
    }
    return true;
  }

  /// Begins a command whose answer comes in parts; [#nextAnswer] gives them one by one.
  public void send(String command) throws IOException {
    messages.write(new Query(command));
  }

  /// The next part of the answer. What is left of a copy is dropped.
  ///
  /// @throws PostgresException if the server answers with an error, which ends the command
  public Answer nextAnswer() throws IOException {
    while (nextCopyData() != null) {
      // nobody wants it
    }
    var result = new ResultBuilder();
    while (true) {
      BackendMessage message = next();
      switch (message) {
        case CopyOutResponse out -> {
          copying = true;
          return new Answer.Copy(false);
        }
        case CopyBothResponse both -> {
          copying = true;
          return new Answer.Copy(true);
        }
        default -> {
          if (result.add(message)) {
            result.build(); // throws what the server has thrown
            return new Answer.Ready();
          }
          if (message instanceof CommandComplete) {
            return new Answer.Result(result.build());
          }
        }
      }
    }
  }

  /// The data of the next CopyData message of a copy, out or both ways; null when the copy is over,
  /// or there is none. Its bytes are this client's and good until the next call.
  ///
  /// @throws PostgresException if the server breaks the copy off with an error
  /// @throws ServerShutdownException if the server shuts down
  public @Nullable ByteBuffer nextCopyData() throws IOException {
    if (!copying) {
      return null;
    }
    switch (next()) {
      case CopyData(var data) -> {
        return data;
      }
      case CopyDone done -> {
        copying = false;
        return null;
      }
      case ErrorResponse(var diagnostic) -> {
        copying = false;
        throw onceReady(exception(diagnostic));
      }
      case CommandComplete shutdown -> throw new ServerShutdownException();
      case BackendMessage other -> throw unexpected(other, "in a copy");
    }
  }

  /// Reads on to where the session is usable again, unless the server closes it now.
  private PostgresException onceReady(PostgresException error) throws IOException {
    boolean goesOn = error.severity().equals("ERROR");
    while (goesOn) {
      goesOn = !(next() instanceof ReadyForQuery);
    }
    return error;
  }

  /// The connection itself: for writing to a CopyBoth stream from another thread.
  public Transport transport() {
    return messages.transport();
  }

  /// Ends our side of a CopyBoth stream.
  public void sendCopyDone() throws IOException {
    messages.write(CopyDone.INSTANCE);
  }

  /// Reads what is left of a copy, whose data is dropped, and the result after it. Of a CopyBoth
  /// stream our own CopyDone must have been sent, or be on its way from another thread.
  public QueryResult finishCopy() throws IOException {
    while (nextCopyData() != null) {
      // nobody wants it
    }
    return result();
  }

  private QueryResult result() throws IOException {
    var result = new ResultBuilder();
    while (!result.add(next())) {
      // the builder says when it has it all
    }
    return result.build();
  }

  /// The next message that is not about the session itself.
  private BackendMessage next() throws IOException {
    while (true) {
      BackendMessage message = messages.read();
      switch (message) {
        case ParameterStatus(String name, String value) -> parameters.put(name, value);
        case NoticeResponse(var diagnostic) -> notices.accept(diagnostic);
        default -> {
          return message;
        }
      }
    }
  }

  /// Asks the server, over a connection of its own, to cancel the running command. Returns when the
  /// server has taken note.
  public void cancel() throws IOException {
    BackendKeyData key = cancelKey;
    if (key == null) {
      throw new IOException("the server has given no key to cancel with");
    }
    try (var transport =
        SocketTransport.connect(
            transport().peerAddress(),
            settings.connectTimeout(),
            settings.keepalive(),
            new StopSignal())) {
      Transport channel = tls.isEmpty() ? transport : secured(transport);
      new MessageStream(channel)
          .write(new StartupPacket.CancelRequest(key.processId(), key.secretKey()));
      var nothing = ByteBuffer.allocateDirect(1);
      while (channel.read(nothing.clear()) > 0) {
        // the server closes without a word
      }
    }
  }

  /// As the session itself: the key is not for everybody to read.
  private Transport secured(Transport transport) throws IOException {
    return TlsNegotiation.begin(transport, settings.tls(), host)
        .orElseThrow(() -> new TlsException(Connector.NO_TLS));
  }

  /// Says goodbye, so that the server need not log a lost connection, and closes. For the owner,
  /// when no stream is open.
  public void terminate() throws IOException {
    try {
      messages.write(Terminate.INSTANCE);
      messages.transport().end();
    } finally {
      close();
    }
  }

  @Override
  public void close() throws IOException {
    messages.transport().close();
  }

  private static PostgresException exception(Diagnostic diagnostic) {
    return new PostgresException(
        diagnostic.severity(),
        diagnostic.sqlState(),
        diagnostic.message(),
        diagnostic.detail(),
        diagnostic.hint());
  }

  private static ProtocolViolation unexpected(BackendMessage message, String when) {
    return new ProtocolViolation(
        "unexpected message type \"%c\" %s".formatted(message.tag() & 0xff, when));
  }

  /// Collects the messages that make up a result.
  private static final class ResultBuilder {

    private final List<String> columns = new ArrayList<>();
    private final List<DataRow> rows = new ArrayList<>();
    private String commandTag = "";
    private @Nullable PostgresException error;
    private boolean commandDone;

    /// @return true when the result is complete
    boolean add(BackendMessage message) throws IOException {
      switch (message) {
        case RowDescription(var described) -> {
          begin();
          described.forEach(column -> columns.add(column.name()));
        }
        case DataRow row -> rows.add(row);
        case CommandComplete(String tag) -> complete(tag);
        case EmptyQueryResponse empty -> begin();
        case ErrorResponse(var diagnostic) -> fail(exception(diagnostic));
        case ReadyForQuery ready -> {
          return true;
        }
        case BackendMessage other -> throw unexpected(other, "in answer to a command");
      }
      return false;
    }

    private void begin() {
      columns.clear();
      rows.clear();
      commandDone = false;
    }

    /// START_REPLICATION completes twice, once for its stream and once for itself; rows stay.
    private void complete(String tag) {
      commandTag = commandDone ? commandTag : tag;
      commandDone = true;
    }

    private void fail(PostgresException failure) throws PostgresException {
      if (!failure.severity().equals("ERROR")) {
        throw failure; // the server closes the connection now
      }
      error = failure;
    }

    QueryResult build() throws PostgresException {
      if (error != null) {
        throw error;
      }
      return new QueryResult(columns, rows, commandTag);
    }
  }
}
