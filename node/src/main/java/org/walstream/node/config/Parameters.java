package org.walstream.node.config;

import static org.walstream.node.config.Parameter.Group.LISTEN;
import static org.walstream.node.config.Parameter.Group.LOGGING;
import static org.walstream.node.config.Parameter.Group.SENDING;
import static org.walstream.node.config.Parameter.Group.TLS;
import static org.walstream.node.config.Parameter.Group.UPSTREAM;
import static org.walstream.node.config.Parameter.Group.WALSTREAM;
import static org.walstream.node.config.Parameter.Takes.RELOAD;
import static org.walstream.node.config.Parameter.Takes.RESTART;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.walstream.node.config.Parameter.Choice;
import org.walstream.node.config.Parameter.Connections;
import org.walstream.node.config.Parameter.Destinations;
import org.walstream.node.config.Parameter.FileMode;
import org.walstream.node.config.Parameter.Flag;
import org.walstream.node.config.Parameter.Group;
import org.walstream.node.config.Parameter.Int;
import org.walstream.node.config.Parameter.Name;
import org.walstream.node.config.Parameter.Slot;
import org.walstream.node.config.Parameter.SocketDirectories;
import org.walstream.node.config.Parameter.SyncStandbys;
import org.walstream.node.config.Parameter.Takes;
import org.walstream.node.config.Parameter.Text;
import org.walstream.node.config.Parameter.TlsVersion;
import org.walstream.node.log.LogDestination;
import org.walstream.node.log.Severity;
import org.walstream.send.ConnectionLog;
import org.walstream.send.guc.GucUnit;
import org.walstream.send.sync.StandbyNames;
import org.walstream.wire.TlsVersions;

/// Every parameter of a node, one row each. PostgreSQL's names carry PostgreSQL's units and, unless
/// a row says otherwise, its defaults; ours begin with `walstream.`. What PostgreSQL knows beyond
/// these a node passes over, and says so: see [Configuration].
public final class Parameters {

  public static final Parameter<String> LISTEN_ADDRESSES =
      text(
          "listen_addresses",
          "localhost",
          RESTART,
          LISTEN,
          "comma-separated addresses; '*' for all, '' for none");
  public static final Parameter<Long> PORT =
      number(
          "port",
          GucUnit.NONE,
          5432,
          0,
          65535,
          RESTART,
          LISTEN,
          "TCP port, and part of the Unix socket's name; 0: any free one");
  public static final Parameter<List<Path>> UNIX_SOCKET_DIRECTORIES =
      new Parameter<>(
          "unix_socket_directories",
          new SocketDirectories(),
          List.of(),
          RESTART,
          LISTEN,
          "comma-separated directories; '' for none");
  public static final Parameter<String> UNIX_SOCKET_GROUP =
      text(
          "unix_socket_group",
          "",
          RESTART,
          LISTEN,
          "group of a socket's file; '' for the user's own");
  public static final Parameter<Integer> UNIX_SOCKET_PERMISSIONS =
      new Parameter<>(
          "unix_socket_permissions",
          new FileMode(),
          0777,
          RESTART,
          LISTEN,
          "who may connect through a socket: the mode of its file");
  public static final Parameter<Long> MAX_CONNECTIONS =
      number(
          "max_connections",
          GucUnit.NONE,
          1000,
          1,
          262143,
          RESTART,
          LISTEN,
          "clients of all kinds at once");
  public static final Parameter<Long> AUTHENTICATION_TIMEOUT =
      number(
          "authentication_timeout",
          GucUnit.SECONDS,
          60,
          1,
          600,
          RELOAD,
          LISTEN,
          "longest time from connect to authenticated");
  public static final Parameter<String> HBA_FILE =
      text("hba_file", "pg_hba.conf", RELOAD, LISTEN, "relative to the node's directory");

  public static final Parameter<String> IDENT_FILE =
      text("ident_file", "pg_ident.conf", RELOAD, LISTEN, "relative to the node's directory");

  public static final Parameter<Boolean> SSL =
      flag("ssl", false, RELOAD, TLS, "whether clients may have TLS");
  public static final Parameter<String> SSL_CERT_FILE =
      text(
          "ssl_cert_file",
          "server.crt",
          RELOAD,
          TLS,
          "the node's certificate and those of its authorities; relative to its directory");
  public static final Parameter<String> SSL_KEY_FILE =
      text(
          "ssl_key_file",
          "server.key",
          RELOAD,
          TLS,
          "the certificate's key, for nobody else to read");
  public static final Parameter<String> SSL_CA_FILE =
      text(
          "ssl_ca_file",
          "",
          RELOAD,
          TLS,
          "whose certificates of clients are believed; '': nobody's");
  public static final Parameter<String> SSL_CRL_FILE =
      text("ssl_crl_file", "", RELOAD, TLS, "certificates of clients that are revoked");
  public static final Parameter<String> SSL_CRL_DIR =
      text("ssl_crl_dir", "", RELOAD, TLS, "the same, a directory of files");
  public static final Parameter<Optional<TlsVersions.Version>> SSL_MIN_PROTOCOL_VERSION =
      new Parameter<>(
          "ssl_min_protocol_version",
          new TlsVersion(false),
          Optional.of(TlsVersions.Version.V1_2),
          RELOAD,
          TLS,
          "the oldest version of TLS; never before 1.2, which Java refuses");
  public static final Parameter<Optional<TlsVersions.Version>> SSL_MAX_PROTOCOL_VERSION =
      new Parameter<>(
          "ssl_max_protocol_version",
          new TlsVersion(true),
          Optional.empty(),
          RELOAD,
          TLS,
          "the newest; '': any");
  public static final Parameter<String> SSL_PASSPHRASE_COMMAND =
      text(
          "ssl_passphrase_command", "", RELOAD, TLS, "prints what opens the key; %p: the question");
  public static final Parameter<Boolean> SSL_PASSPHRASE_COMMAND_SUPPORTS_RELOAD =
      flag(
          "ssl_passphrase_command_supports_reload",
          false,
          RELOAD,
          TLS,
          "whether it is run at a reload too");

  public static final Parameter<String> PRIMARY_CONNINFO =
      text(
          "primary_conninfo",
          "",
          RESTART,
          UPSTREAM,
          "how to reach the server WAL comes from; '' serves only what is here");
  public static final Parameter<String> PRIMARY_SLOT_NAME =
      new Parameter<>(
          "primary_slot_name",
          new Slot(),
          "",
          RESTART,
          UPSTREAM,
          "replication slot there, which keeps WAL for this node");
  public static final Parameter<Boolean> WAL_RECEIVER_CREATE_TEMP_SLOT =
      flag(
          "wal_receiver_create_temp_slot",
          false,
          RESTART,
          UPSTREAM,
          "make a temporary slot if none is named");
  public static final Parameter<Long> WAL_RECEIVER_STATUS_INTERVAL =
      number(
          "wal_receiver_status_interval",
          GucUnit.SECONDS,
          10,
          0,
          2147483,
          RESTART,
          UPSTREAM,
          "longest time between two reports; 0: only when needed");
  public static final Parameter<Long> WAL_RECEIVER_TIMEOUT =
      number(
          "wal_receiver_timeout",
          GucUnit.MILLISECONDS,
          60_000,
          0,
          Integer.MAX_VALUE,
          RESTART,
          UPSTREAM,
          "silence after which the upstream is taken for dead; 0: never");
  public static final Parameter<Long> WAL_RETRIEVE_RETRY_INTERVAL =
      number(
          "wal_retrieve_retry_interval",
          GucUnit.MILLISECONDS,
          5_000,
          1,
          Integer.MAX_VALUE,
          RESTART,
          UPSTREAM,
          "pause before connecting again");
  public static final Parameter<Boolean> HOT_STANDBY_FEEDBACK =
      flag(
          "hot_standby_feedback",
          false,
          RESTART,
          UPSTREAM,
          "pass the standbys' oldest transaction to the primary");

  public static final Parameter<Long> MAX_WAL_SENDERS =
      number(
          "max_wal_senders",
          GucUnit.NONE,
          500,
          0,
          262143,
          RESTART,
          SENDING,
          "standbys and receivers at once (PostgreSQL: 10)");
  public static final Parameter<Long> MAX_REPLICATION_SLOTS =
      number(
          "max_replication_slots",
          GucUnit.NONE,
          100,
          0,
          262143,
          RESTART,
          SENDING,
          "(PostgreSQL: 10)");
  public static final Parameter<Long> WAL_SENDER_TIMEOUT =
      number(
          "wal_sender_timeout",
          GucUnit.MILLISECONDS,
          60_000,
          0,
          Integer.MAX_VALUE,
          RELOAD,
          SENDING,
          "silence after which a standby is taken for dead; 0: never");
  public static final Parameter<Long> WAL_KEEP_SIZE =
      number(
          "wal_keep_size",
          GucUnit.MEGABYTES,
          1024,
          0,
          Integer.MAX_VALUE,
          RELOAD,
          SENDING,
          "WAL kept for standbys without a slot (PostgreSQL: 0)");
  public static final Parameter<Long> MAX_SLOT_WAL_KEEP_SIZE =
      number(
          "max_slot_wal_keep_size",
          GucUnit.MEGABYTES,
          -1,
          -1,
          Integer.MAX_VALUE,
          RELOAD,
          SENDING,
          "limit of what slots may hold; -1: none");
  public static final Parameter<Long> IDLE_REPLICATION_SLOT_TIMEOUT =
      number(
          "idle_replication_slot_timeout",
          GucUnit.SECONDS,
          0,
          0,
          Integer.MAX_VALUE,
          RELOAD,
          SENDING,
          "how long a slot may be unused before it is given up; 0: for ever");
  public static final Parameter<Optional<StandbyNames>> SYNCHRONOUS_STANDBY_NAMES =
      new Parameter<>(
          "synchronous_standby_names",
          new SyncStandbys(),
          Optional.empty(),
          RELOAD,
          SENDING,
          "whose flush counts when walstream.report_flush = quorum; else nobody waits for them");
  public static final Parameter<String> CLUSTER_NAME =
      new Parameter<>(
          "cluster_name",
          new Name(),
          "",
          RESTART,
          SENDING,
          "this node's name, also its application_name upstream");

  public static final Parameter<Boolean> VERIFY_WAL =
      flag(
          "walstream.verify_wal",
          true,
          RESTART,
          WALSTREAM,
          "check CRC and prev-link of every record as it arrives");
  public static final Parameter<String> FORWARD =
      choice(
          "walstream.forward",
          "written",
          List.of("written", "flushed"),
          RELOAD,
          WALSTREAM,
          "when WAL may be passed on");
  public static final Parameter<String> REPORT_FLUSH =
      choice(
          "walstream.report_flush",
          "own",
          List.of("own", "quorum"),
          RELOAD,
          WALSTREAM,
          "what is told upstream as flushed: what is here, or what synchronous_standby_names have too");
  public static final Parameter<String> SYSTEM_ID =
      text(
          "walstream.system_id",
          "",
          RESTART,
          WALSTREAM,
          "accept WAL of this cluster only; '': of the first one met");
  public static final Parameter<Boolean> KEEP_ALL =
      flag(
          "walstream.keep_all",
          false,
          RELOAD,
          WALSTREAM,
          "never remove WAL: the node is an archive");

  public static final Parameter<Boolean> DIRECT_IO =
      flag(
          "walstream.direct_io",
          false,
          RESTART,
          WALSTREAM,
          "write WAL past the kernel's cache, where a relay's standbys would have found it");

  public static final Parameter<LogDestination> LOG_DESTINATION =
      new Parameter<>(
          "log_destination",
          new Destinations(),
          LogDestination.STDERR,
          RELOAD,
          LOGGING,
          "stderr, jsonlog or both, always to standard error");
  public static final Parameter<String> LOG_LINE_PREFIX =
      text(
          "log_line_prefix",
          "%m [%p] ",
          RELOAD,
          LOGGING,
          "PostgreSQL's escapes: %m %t %n %p %b %q %%");
  public static final Parameter<String> LOG_MIN_MESSAGES =
      new Parameter<>(
          "log_min_messages",
          new Choice(
              Stream.of(Severity.values()).map(s -> s.name().toLowerCase(Locale.ROOT)).toList(),
              Map.of("debug", "debug2")),
          "warning",
          RELOAD,
          LOGGING,
          "least severity that is logged; log comes after error, as in PostgreSQL");
  public static final Parameter<ConnectionLog> LOG_CONNECTIONS =
      new Parameter<>(
          "log_connections",
          new Connections(),
          ConnectionLog.OFF,
          RELOAD,
          LOGGING,
          "on, or a list: receipt, authentication, authorization, setup_durations");
  public static final Parameter<Boolean> LOG_REPLICATION_COMMANDS =
      flag(
          "log_replication_commands",
          false,
          RELOAD,
          LOGGING,
          "one line for each replication command");

  /// Every parameter, in the order of the sample file.
  public static final List<Parameter<?>> ALL =
      List.of(
          LISTEN_ADDRESSES,
          PORT,
          UNIX_SOCKET_DIRECTORIES,
          UNIX_SOCKET_GROUP,
          UNIX_SOCKET_PERMISSIONS,
          MAX_CONNECTIONS,
          AUTHENTICATION_TIMEOUT,
          HBA_FILE,
          IDENT_FILE,
          SSL,
          SSL_CERT_FILE,
          SSL_KEY_FILE,
          SSL_CA_FILE,
          SSL_CRL_FILE,
          SSL_CRL_DIR,
          SSL_MIN_PROTOCOL_VERSION,
          SSL_MAX_PROTOCOL_VERSION,
          SSL_PASSPHRASE_COMMAND,
          SSL_PASSPHRASE_COMMAND_SUPPORTS_RELOAD,
          PRIMARY_CONNINFO,
          PRIMARY_SLOT_NAME,
          WAL_RECEIVER_CREATE_TEMP_SLOT,
          WAL_RECEIVER_STATUS_INTERVAL,
          WAL_RECEIVER_TIMEOUT,
          WAL_RETRIEVE_RETRY_INTERVAL,
          HOT_STANDBY_FEEDBACK,
          MAX_WAL_SENDERS,
          MAX_REPLICATION_SLOTS,
          WAL_SENDER_TIMEOUT,
          WAL_KEEP_SIZE,
          MAX_SLOT_WAL_KEEP_SIZE,
          IDLE_REPLICATION_SLOT_TIMEOUT,
          SYNCHRONOUS_STANDBY_NAMES,
          CLUSTER_NAME,
          VERIFY_WAL,
          FORWARD,
          REPORT_FLUSH,
          SYSTEM_ID,
          KEEP_ALL,
          DIRECT_IO,
          LOG_DESTINATION,
          LOG_LINE_PREFIX,
          LOG_MIN_MESSAGES,
          LOG_CONNECTIONS,
          LOG_REPLICATION_COMMANDS);

  private Parameters() {}

  /// Finds a parameter; upper and lower case do not matter in its name.
  public static Optional<Parameter<?>> find(String name) {
    String lowerCase = name.toLowerCase(Locale.ROOT);
    return ALL.stream().filter(p -> p.name().equals(lowerCase)).findFirst();
  }

  private static Parameter<String> text(
      String name, String value, Takes takes, Group group, String description) {
    return new Parameter<>(name, new Text(), value, takes, group, description);
  }

  private static Parameter<Boolean> flag(
      String name, boolean value, Takes takes, Group group, String description) {
    return new Parameter<>(name, new Flag(), value, takes, group, description);
  }

  private static Parameter<String> choice(
      String name,
      String value,
      List<String> values,
      Takes takes,
      Group group,
      String description) {
    return new Parameter<>(
        name,
        new Choice(values, Map.of()),
        value,
        takes,
        group,
        String.join(" or ", values) + ": " + description);
  }

  private static Parameter<Long> number(
      String name,
      GucUnit unit,
      long value,
      long least,
      long most,
      Takes takes,
      Group group,
      String description) {
    return new Parameter<>(name, new Int(unit, least, most), value, takes, group, description);
  }
}
