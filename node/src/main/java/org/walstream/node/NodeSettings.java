package org.walstream.node;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.walstream.file.FileLayer;
import org.walstream.node.config.Configuration;
import org.walstream.node.config.ConfigurationException;
import org.walstream.node.config.Parameter;
import org.walstream.node.config.Parameters;
import org.walstream.receive.ReceiveOptions;
import org.walstream.send.SendSettings;
import org.walstream.send.server.HbaAccess;
import org.walstream.send.server.UnixSocketAccess;
import org.walstream.send.slot.RetentionHorizon;
import org.walstream.send.sync.StandbyNames;
import org.walstream.wire.TlsVersions;
import org.walstream.wire.conninfo.ConnInfo;
import org.walstream.wire.conninfo.ConnInfoException;
import org.walstream.wire.conninfo.ConnInfoOption;
import org.walstream.wire.conninfo.LibpqEnvironment;
import org.walstream.wire.tls.PassphraseCommand;
import org.walstream.wire.tls.ServerTls;

/// What the parts of a node want to know, read out of one [Configuration]. Immutable.
record NodeSettings(Configuration configuration) {

  private static final Logger LOG = LoggerFactory.getLogger(NodeSettings.class);
  private static final long MEGABYTE = 1 << 20;

  SendSettings sending() {
    return new SendSettings(
        number(Parameters.MAX_WAL_SENDERS),
        number(Parameters.MAX_CONNECTIONS),
        Duration.ofSeconds(get(Parameters.AUTHENTICATION_TIMEOUT)).toMillis(),
        get(Parameters.WAL_SENDER_TIMEOUT),
        get(Parameters.FORWARD).equals("flushed"),
        get(Parameters.LOG_CONNECTIONS),
        get(Parameters.LOG_REPLICATION_COMMANDS));
  }

  RetentionHorizon.Limits retention() {
    long slotLimit = get(Parameters.MAX_SLOT_WAL_KEEP_SIZE);
    return new RetentionHorizon.Limits(
        get(Parameters.WAL_KEEP_SIZE) * MEGABYTE, slotLimit < 0 ? -1 : slotLimit * MEGABYTE);
  }

  Duration idleSlotTimeout() {
    return Duration.ofSeconds(get(Parameters.IDLE_REPLICATION_SLOT_TIMEOUT));
  }

  int maxReplicationSlots() {
    return number(Parameters.MAX_REPLICATION_SLOTS);
  }

  boolean keepsAll() {
    return get(Parameters.KEEP_ALL);
  }

  boolean passesFeedback() {
    return get(Parameters.HOT_STANDBY_FEEDBACK);
  }

  /// How WAL is written.
  ///
  /// @param files how everything else is
  /// @throws IOException if the file system of `walDirectory` cannot as it is asked to
  FileLayer walFiles(FileLayer files, Path walDirectory) throws IOException {
    if (!get(Parameters.DIRECT_IO)) {
      return files;
    }
    try {
      return FileLayer.direct(files, walDirectory);
    } catch (IOException e) {
      throw new IOException("could not start with \"walstream.direct_io\": " + e.getMessage(), e);
    }
  }

  boolean hasUpstream() {
    return !get(Parameters.PRIMARY_CONNINFO).isBlank();
  }

  /// A relay's standbys may wait for its confirmations, so it flushes and reports whenever the
  /// stream pauses; and they have its WAL, so an upstream that forked off before is refused.
  ReceiveOptions receiving() throws ConfigurationException {
    if (get(Parameters.REPORT_FLUSH).equals("quorum") && waitedFor().isEmpty()) {
      throw new ConfigurationException(
          "\"walstream.report_flush\" = quorum needs \"synchronous_standby_names\": which standbys"
              + " count, and how many");
    }
    var options =
        ReceiveOptions.from(conninfo(), LibpqEnvironment.ofProcess(LOG::warn))
            .synchronous(true)
            .strictHistory(true)
            .temporarySlot(get(Parameters.WAL_RECEIVER_CREATE_TEMP_SLOT))
            .statusInterval(Duration.ofSeconds(get(Parameters.WAL_RECEIVER_STATUS_INTERVAL)))
            .receiverTimeout(Duration.ofMillis(get(Parameters.WAL_RECEIVER_TIMEOUT)))
            .retryInterval(Duration.ofMillis(get(Parameters.WAL_RETRIEVE_RETRY_INTERVAL)))
            .verifyWal(get(Parameters.VERIFY_WAL));
    if (!get(Parameters.PRIMARY_SLOT_NAME).isEmpty()) {
      options.slot(get(Parameters.PRIMARY_SLOT_NAME));
    }
    if (!get(Parameters.SYSTEM_ID).isEmpty()) {
      options.systemIdentifier(systemIdentifier());
    }
    return options.build();
  }

  /// Which standbys have to have what the upstream is told to be flushed; empty if none has to.
  Optional<StandbyNames> waitedFor() {
    return get(Parameters.REPORT_FLUSH).equals("quorum")
        ? get(Parameters.SYNCHRONOUS_STANDBY_NAMES)
        : Optional.empty();
  }

  private ConnInfo conninfo() throws ConfigurationException {
    try {
      var conninfo = ConnInfo.parse(get(Parameters.PRIMARY_CONNINFO));
      String name =
          get(Parameters.CLUSTER_NAME).isEmpty() ? "walstream" : get(Parameters.CLUSTER_NAME);
      return conninfo
          .with(ConnInfoOption.DBNAME, "replication") // what .pgpass knows a walreceiver by
          .orElse(ConnInfo.EMPTY.with(ConnInfoOption.FALLBACK_APPLICATION_NAME, name));
    } catch (ConnInfoException e) {
      throw new ConfigurationException(
          "invalid value for parameter \"primary_conninfo\": " + e.getMessage());
    }
  }

  private long systemIdentifier() throws ConfigurationException {
    try {
      return Long.parseUnsignedLong(get(Parameters.SYSTEM_ID));
    } catch (NumberFormatException e) {
      throw new ConfigurationException(
          "invalid value for parameter \"walstream.system_id\": \"%s\""
              .formatted(get(Parameters.SYSTEM_ID)));
    }
  }

  int port() {
    return number(Parameters.PORT);
  }

  List<String> listenAddresses() {
    return list(Parameters.LISTEN_ADDRESSES);
  }

  List<Path> unixSocketDirectories() {
    return get(Parameters.UNIX_SOCKET_DIRECTORIES);
  }

  UnixSocketAccess unixSocketAccess() {
    return new UnixSocketAccess(
        get(Parameters.UNIX_SOCKET_PERMISSIONS), get(Parameters.UNIX_SOCKET_GROUP));
  }

  /// @param home what a relative name is relative to
  HbaAccess.Paths accessFiles(Path home, Path users) {
    return new HbaAccess.Paths(
        home.resolve(get(Parameters.HBA_FILE)), home.resolve(get(Parameters.IDENT_FILE)), users);
  }

  boolean offersTls() {
    return get(Parameters.SSL);
  }

  /// @param home what a relative name is relative to
  ServerTls.Files tlsFiles(Path home) {
    return new ServerTls.Files(
        home.resolve(get(Parameters.SSL_CERT_FILE)),
        home.resolve(get(Parameters.SSL_KEY_FILE)),
        file(home, Parameters.SSL_CA_FILE),
        file(home, Parameters.SSL_CRL_FILE),
        file(home, Parameters.SSL_CRL_DIR),
        Optional.of(get(Parameters.SSL_PASSPHRASE_COMMAND))
            .filter(command -> !command.isEmpty())
            .map(command ->
                new PassphraseCommand(
                    command, get(Parameters.SSL_PASSPHRASE_COMMAND_SUPPORTS_RELOAD))),
        new TlsVersions(
            get(Parameters.SSL_MIN_PROTOCOL_VERSION).orElse(TlsVersions.DEFAULT.min()),
            get(Parameters.SSL_MAX_PROTOCOL_VERSION).orElse(TlsVersions.DEFAULT.max())));
  }

  private Optional<Path> file(Path home, Parameter<String> parameter) {
    return Optional.of(get(parameter))
        .filter(name -> !name.isEmpty())
        .map(name -> home.resolve(name));
  }

  private List<String> list(Parameter<String> parameter) {
    var words = new ArrayList<String>();
    for (String word : get(parameter).split(",")) {
      if (!word.isBlank()) {
        words.add(word.strip());
      }
    }
    return words;
  }

  private <T> T get(Parameter<T> parameter) {
    return configuration.get(parameter);
  }

  private int number(Parameter<Long> parameter) {
    return Math.toIntExact(get(parameter));
  }
}
